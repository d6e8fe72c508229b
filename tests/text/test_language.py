"""A text shows by its letters and its commonest words whether it is in English."""

from __future__ import annotations

import json

import pytest

from qa.shipped import SAMPLE
from qa.text.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "The lamp of the old pier fell into the sea on Monday, and nobody was hurt.",
        "Lamp falls",
        "",
        "2023",
        "Shares rise 3%",
        "Angela Merkel und Emmanuel Macron",  # one German word is not enough
        "Le Monde said that the mayor of Aix-en-Provence had not been told of the plan.",
    ],
)
def test_english_and_what_is_too_short_to_tell(text: str):
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "La lampe du vieux port est tombée dans la mer lundi.",
        "La lámpara del viejo muelle cayó al mar el lunes y nadie resultó herido.",
        "Die Lampe der alten Mole fiel am Montag ins Meer, und niemand wurde verletzt.",
        "La lampada del vecchio molo è caduta in mare lunedì.",
        "A lâmpada do velho cais caiu no mar na segunda-feira e não há feridos.",
        "De lamp van de oude pier viel maandag in zee en niemand raakte gewond.",
        "Lampan på den gamla piren föll i havet och ingen skadades.",
        "Lampa na starym molo wpadła do morza w poniedziałek i nikt nie został ranny.",
        "Eski iskelenin lambası pazartesi günü denize düştü ve bir kişi bile yaralanmadı.",
        "Лампа старого причала упала в море в понедельник.",
        "旧码头的灯在星期一掉进了海里。",
        "سقط مصباح الرصيف القديم في البحر يوم الاثنين.",
        "ตะเกียงของท่าเรือเก่าตกลงไปในทะเล",
        "옛 부두의 등이 월요일에 바다에 떨어졌다.",
    ],
)
def test_other_languages(text: str):
    assert not is_english(text)


def test_long_text_without_any_common_word_of_english_is_in_another_language():
    finnish = "Vanhan laiturin lamppu putosi mereen maanantaina eikä kukaan loukkaantunut. "
    assert not is_english(finnish * 6)


def test_every_article_of_the_sample_archive_is_in_english():
    texts = [
        json.loads(line).get("text", "")
        for path in sorted(SAMPLE.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(texts) > 10
    assert [text[:60] for text in texts if not is_english(text)] == []

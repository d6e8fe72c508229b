"""The name of a column -> the field of an article that it stands for, in the words that exports use.

Names compare without case, accents and separators: "pub_date", "pubDate" and "Pub Date" are one. A name
is known as a whole ("maintext"), or by its parts: one word of a field, and else only words that add
nothing ("article_link", "texte_complet").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

FIELDS = ("id", "title", "text", "published", "url", "source", "authors", "tags")

# Whole names, the surest first: where a record has several, the first that holds anything counts.
_WHOLE = {
    "id": "id articleid docid documentid uuid guid uri storeid storiesid proquestdocumentid"
          " accessionnumber",
    "title": "title headline head heading articletitle headlinetext newstitle webtitle name"
             " headlines",
    "text": "text body maintext fulltext articlebody articletext bodytext content article story"
            " contenttext contenthtml bodyhtml html paragraphs plaintext document storytext bodyxhtml"
            " bodies",
    "published": "published publishedat datepublished publisheddate publishdate datepublish"
                 " publicationdate pubdate publishedon publishtime publishedtime firstpublished"
                 " webpublicationdate dateposted posted postedat datetime date timestamp time"
                 " versioncreated firstcreated contentcreated created createdat datecreated"
                 " seendate dateadded updated updatedat modified datemodified datemodify dateupdate age year",
    "url": "url link weburl permalink canonicalurl canonicallink articleurl newsurl sourceurl"
           " documenturl externalurl href address",
    "source": "source sourcename sourcetitle sourcedomain publisher publishername outlet publication"
              " publicationtitle pubtitle newspaper newssource medianame medium sitename sitefull site"
              " website provider channel agency domain press feedtitle feedname infosources paper",
    "authors": "authors author byline creator dccreator writer writers reporter journalist by bylines",
    "tags": "tags tag keywords keyword hashtags categories category topics topic subjects subject"
            " section sectionname labels label newsdesk genre",
}  # fmt: skip
# A summary of the article: read with the fullest text, or instead of it.
_SUMMARIES = (
    "description summary abstract leadparagraph shortdescription metadescription standfirst trailtext"
    " lead lede deck dek subtitle subheadline excerpt teaser snippet intro descriptions descriptiontext"
)
# Words of a field in other languages, in the order of the fields; accents are left out.
_FOREIGN = {
    "title": "titre titulo titular titel uberschrift schlagzeile titolo tytul nadpis baslik judul"
             " rubrik otsikko intitule manchete encabezado заголовок название 标题 標題 제목 タイトル"
             " 見出し العنوان शीर्षक tieude",
    "text": "texte texto contenu contenido cuerpo inhalt testo corpo conteudo tekst tresc teks isi"
            " metin icerik innehall sisalto inhoud artikeltext artikeltekst текст содержание 正文 内容"
            " 內容 本文 본문 내용 النص पाठ noidung brodtext",
    "published": "datum fecha data dato dzien tarih tanggal pvm veroffentlicht veroffentlichungsdatum"
                 " erschienen publie parution publicado publicada pubblicato gepubliceerd дата 日期 时间"
                 " 時間 日付 날짜 발행일 公開日 配信日 掲載日 发布日期 التاريخ तारीख ngay",
    "url": "lien enlace adresse direccion verweis ссылка 链接 網址 网址 링크 リンク الرابط",
    "source": "journal quelle fuente fonte zeitung zeitschrift periodico diario giornale testata jornal"
              " gazeta zrodlo bron krant kaynak gazete sumber tidning kalla lahde medio medien источник"
              " veiculo издание 来源 來源 媒体 출처 언론사 出典 新聞社 المصدر स्रोत nguon",
    "authors": "auteur auteurs skribent autor autores autoren autore autori verfasser redakteur redacteur"
               " forfatter yazar penulis tekija autorka автор 作者 기자 著者 الكاتب लेखक tacgia",
    "tags": "motscles categorie rubrique categoria palabrasclave etiquetas schlagworte schlagworter"
            " ressort kategorie rubriek parolechiave sezione seccion secao editoria kategoria kategori"
            " etiket konu ключевыеслова рубрика тема 关键词 分类 類別 키워드 분류 カテゴリ الفئة श्रेणी",
}  # fmt: skip
_FOREIGN_SUMMARIES = (
    "resume chapo chapeau resumen resumo riassunto sommario zusammenfassung kurztext vorspann samenvatting"
    " streszczenie ozet ringkasan entradilla bajada аннотация 摘要 요약 要約"
)
# Words beside the one that names the field: they say nothing against it.
_FILLING = (
    "article articles news story item post web page full main raw clean cleaned plain original the of"
    " de la le del der des da do di du en et first last complet complete completo completa vollstandig"
    " entry record doc document noticia noticias nota artikel artikels nachricht nachrichten artigo"
    " articolo notizia actualite pub publication publicacion publicacao pubblicazione published"
    " publishing publish posted utc gmt iso local str string value release released issue issued"
    " reported time name"
)
_WORDS = {
    "title": "title headline",
    "text": "text body content fulltext maintext html",
    "published": "date datetime time timestamp pubdate",
    "url": "url link permalink uri",
    "source": "source publisher outlet newspaper site website domain",
    "authors": "author authors byline writer writers reporter creator",
    "tags": "tag tags keyword keywords category categories topic topics section",
}  # fmt: skip


class Known(NamedTuple):
    """What a name stands for."""

    field: str
    rank: int  # 0 is the surest of its field
    is_summary: bool = False
    is_foreign: bool = False  # a word of another language than English


def squash(name: str) -> str:
    """Return a name without case, accents and separators."""
    return _squash(name[:200])  # no real name is longer


@lru_cache(maxsize=2**15)
def _squash(name: str) -> str:
    return re.sub(r"[\W_]+", "", _bare(name))


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if not unicodedata.combining(mark)))


def _known_names() -> dict[str, Known]:
    known: dict[str, Known] = {}
    for field in FIELDS:
        own = _WHOLE[field].split()
        after = _FOREIGN.get(field, "").split()
        for rank, name in enumerate(own):
            known[name] = Known(field, rank)
        for rank, name in enumerate(after, 100):
            known.setdefault(_squash(name), Known(field, rank, is_foreign=True))
    for rank, name in enumerate(_SUMMARIES.split(), 50):
        known[name] = Known("text", rank, is_summary=True)
    for rank, name in enumerate(_FOREIGN_SUMMARIES.split(), 200):
        known.setdefault(_squash(name), Known("text", rank, is_summary=True, is_foreign=True))
    return known


_KNOWN = _known_names()
_OF_WORD = {word: Known(field, 300) for field, words in _WORDS.items() for word in words.split()}
_FILLING_WORDS = frozenset(_FILLING.split())
NAMES = {field: tuple(_WHOLE[field].split()) for field in FIELDS}
BODY_NAMES = frozenset(NAMES["text"]) - {"article"}  # a question may name its article


def known(name: str) -> Known | None:
    """Return what a column's name stands for; None if it is no name of a field."""
    return _find(name) if len(name) <= 200 else None


@lru_cache(maxsize=2**15)
def _find(name: str) -> Known | None:
    if (found := _KNOWN.get(_squash(name))) is not None:
        return found
    words = [word for word in re.split(r"[\W_]+", _bare(_split_humps(name))) if word]
    telling = [word for word in words if word not in _FILLING_WORDS]
    if len(words) < 2 or len(telling) > 1:
        return None
    if not telling:  # "published_utc" and "article_name" are nothing but filling
        named = "published" if {"published", "posted"} & set(words) else "title" if "name" in words else ""
        return _KNOWN.get(named)
    at = _OF_WORD.get(telling[0]) or _KNOWN.get(telling[0])
    if at is None or (at.field == "id" or telling[0] in ("name", "head", "by", "address", "age", "year")):
        return None
    return at._replace(rank=at.rank + 400)


def _split_humps(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)

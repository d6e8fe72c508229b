"""Fifty clients at once: each gets its own reply or a 429 with Retry-After, none hangs, none is mixed."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx

from qa.settings import DoorSettings

CLIENTS, ASKED = 50, 2


def test_fifty_clients_get_their_own_replies_or_429_and_nothing_is_left_behind(
    serve, small, news, build_small
):
    villages = [f"{chr(97 + i // 10)}{chr(97 + i % 10)}ville" for i in range(CLIENTS)]
    facts = [
        {"id": village, "title": "Houses counted", "text": f"The village of {village} has {1000 + i} houses."}
        for i, village in enumerate(villages)
    ]
    build_small(facts)
    small.refresh()
    served = serve(DoorSettings(workers=2, waiting=16))
    outcomes: Counter[int] = Counter()

    async def client(number: int, http: httpx.AsyncClient) -> None:
        question = f"How many houses has the village of {villages[number]}?"
        answered = 0
        while answered < ASKED:
            got = await http.post("/ask", json={"question": question})
            outcomes[got.status_code] += 1
            if got.status_code == 429:
                assert 1 <= int(got.headers["retry-after"]) <= 60
                await asyncio.sleep(0.2)
                continue
            reply = got.json()
            assert reply["question"] == question
            assert reply["answers"][0]["text"] == str(1000 + number)
            answered += 1

    async def main() -> None:
        limits = httpx.Limits(max_connections=CLIENTS)
        address = str(served.client.base_url)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as http:
            await asyncio.gather(*(client(number, http) for number in range(CLIENTS)))

    asyncio.run(main())
    assert outcomes.keys() == {200, 429}  # the queue was full, and still every request got a reply
    assert outcomes[200] == CLIENTS * ASKED
    assert served.client.get("/health").json()["waiting"] == 0


def test_idle_connections_keep_nobody_out(serve, small):
    served = serve(DoorSettings(connections=2))
    idle = [served.connect() for _ in range(8)]
    assert served.client.get("/health").status_code == 200
    for connection in idle:
        connection.close()


def test_requests_beyond_the_limit_are_refused_with_the_reason_and_the_time_to_ask_again(serve, small):
    served = serve(DoorSettings(connections=2))
    head = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    slow = [served.connect() for _ in range(2)]
    for connection in slow:
        connection.sendall(head)
    while True:  # until the server has read both heads
        got = served.client.get("/health")
        if got.status_code == 503:
            break
    assert got.headers["retry-after"] == "1"
    assert got.json()["detail"] == "2 requests are under way, as many as may be. Ask again soon."
    for connection in slow:
        connection.close()
    while served.client.get("/health").status_code != 200:
        pass

"""Desk -> an HTTP application: its routes, typed and described by OpenAPI. Alone knows FastAPI."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

import qa
from qa.doors import shapes
from qa.doors.bodies import FIELDS, Add, Ask, SearchFor
from qa.doors.desk import Desk
from qa.doors.examples import article_example, reply_example
from qa.doors.refusals import PROBLEM, UNFORESEEN, Refusal, logged
from qa.doors.sent import added_to_dict, full_article, overview_to_dict
from qa.errors import QAError
from qa.export import found_to_dict, reply_to_dict

OPEN_PATHS = frozenset({"/health"})  # asked without a token, as those who watch a server ask
LARGE_PATHS = frozenset({"/articles"})
ATOM = "application/atom+xml"

_WHY = {
    400: "The body is not JSON.",
    401: "There is no token, or not the right one.",
    403: "A page of another site asks.",
    404: "The archive has no such article, or no question is followed.",
    408: "The body did not come in time.",
    409: "The archive was built with other settings.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    421: "The server does not answer under this name.",
    422: "The question, a filter or an article cannot be read.",
    429: "As many questions wait as may wait; Retry-After says when to ask again.",
    503: "It took too long, or the archive cannot be used at the moment.",
}


def http_app(desk: Desk, *, writable: bool, token: bool) -> FastAPI:
    """Return the application; it closes the desk when it ends.

    ``writable`` adds POST /articles. ``token`` only says in the description that one is wanted; it is
    the Guard that looks at it, as at names, sizes and times.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with desk:
            yield

    bearer = [Depends(HTTPBearer(auto_error=False, description="The token of this server."))]
    app = _Described(
        title="News QA",
        version=qa.__version__,
        summary="Exact, dated, sourced answers from one news archive.",
        description="Places are half-open and count Unicode characters of the article's text or title.",
        docs_url=None,  # these pages would load their scripts from another server
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(_no_parameters), *(bearer if token else [])],
        redirect_slashes=False,
        exception_handlers={
            QAError: _on_our_fault,
            RequestValidationError: _on_bad_body,
            HTTPException: _on_http_fault,
            Exception: _on_unforeseen,
        },
    )

    @app.post(
        "/ask",
        summary="Ask a question",
        response_model=shapes.ReplyShape,
        responses=_responses(400, 408, 413, 415, 422, 429, 503),
    )
    async def ask(asked: Ask) -> Any:
        """Exact quotes with article, source, date and confidence, or that the archive does not say.

        Closing the connection cancels the question.
        """
        return reply_to_dict(await desk.ask(asked))

    @app.post(
        "/search",
        summary="Find passages",
        response_model=shapes.FoundShape,
        responses=_responses(400, 408, 413, 415, 422, 429, 503),
    )
    async def search(asked: SearchFor) -> Any:
        """The passages that fit a question best, best first; none if no article passes the filters.

        A source or tag that no article has is named, with those that are spelled like it.
        """
        return found_to_dict(await desk.search(asked, asked.k))

    @app.get(
        "/articles/{article_id:path}",
        summary="Read an article",
        response_model=shapes.FullArticleShape,
        responses=_responses(404, 429, 503),
    )
    async def article(
        article_id: Annotated[
            str, Path(max_length=1000, description="As a reply names it, percent-encoded.")
        ],
    ) -> Any:
        """An article with its whole text."""
        try:
            return full_article(await desk.article(article_id))
        except KeyError:
            raise HTTPException(404, "The archive has no article of this id.") from None

    @app.get(
        "/archive",
        summary="What is in the archive",
        response_model=shapes.OverviewShape,
        responses=_responses(429, 503),
    )
    async def archive() -> Any:
        """Its size, its first and last day, its sources and tags."""
        return overview_to_dict(await desk.overview())

    @app.get(
        "/followed.atom",
        summary="What changed of the followed questions",
        response_class=Response,
        responses={
            200: {"content": {ATOM: {}}, "description": "An Atom feed, the newest change first (RFC 4287)."},
            304: {"description": "It is what If-None-Match names."},
            **_responses(404, 503),
        },
    )
    async def followed(request: Request) -> Response:
        """Answers to followed questions that are others than before, each with its sentence and source."""
        try:
            feed = (await desk.followed()).encode()
        except KeyError:
            raise HTTPException(404, "No question is followed for this archive.") from None
        tag = f'"{hashlib.sha256(feed).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers)
        return Response(feed, 200, headers, f"{ATOM}; charset=utf-8")

    @app.get("/health", summary="Whether the server runs", response_model=shapes.HealthShape)
    async def health() -> Any:
        """Needs no token, and waits for nothing."""
        return {"status": "ok", "version": qa.__version__, "waiting": desk.waiting}

    if writable:

        @app.post(
            "/articles",
            summary="Add articles",
            response_model=shapes.AddedShape,
            responses=_responses(400, 408, 409, 413, 415, 422, 429, 503),
        )
        async def add(new: Add) -> Any:
            """Add articles, which are found from the reply on; one with the id of another takes its place."""
            return added_to_dict(await desk.add(new.articles))

    return app


class _Described(FastAPI):
    """An application whose description shows whole examples: FastAPI would take the nulls out of them."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            routes = super().openapi()["paths"]
            reply = reply_example()
            for path, method, example in (
                ("/ask", "post", reply),
                ("/search", "post", {"passages": reply["passages"], "unknown": reply["unknown"]}),
                ("/articles/{article_id}", "get", article_example()),
            ):
                routes[path][method]["responses"]["200"]["content"]["application/json"]["example"] = example
        return super().openapi()


def _responses(*refusals: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": shapes.Problem, "description": _WHY[status]}
        for status in sorted({401, 403, 421, *refusals})
    }


def _no_parameters(request: Request) -> None:
    """Refuse what would otherwise be ignored: a filter in the address instead of the body."""
    if request.url.query:
        raise HTTPException(422, "The address takes no parameters. Filters go into the body of a POST.")


async def _on_our_fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, QAError)
    return _refused(logged(fault, f"{request.method} {request.url.path}: "))


async def _on_bad_body(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    return _refused(bad_body(fault.errors()))


async def _on_http_fault(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    details = {
        400: "The body cannot be read as JSON.",
        404: fault.detail if fault.detail != "Not Found" else "There is nothing at this address.",
        405: "This address does not take this method.",
    }
    return _refused(
        Refusal(fault.status_code, details.get(fault.status_code, fault.detail), fault.headers or {})
    )


async def _on_unforeseen(_: Request, fault: Exception) -> Response:
    return _refused(UNFORESEEN)  # the Guard writes to the server's output what it was


def bad_body(faults: Sequence[dict[str, Any]]) -> Refusal:
    """Say the first thing that is wrong with a body: 400 if it is no JSON, else 422 with the field's name."""
    # Of a value that may be text or a list, the fault of the type that it has says more than the other's.
    precise = [fault for fault in faults if fault["type"] not in ("string_type", "list_type")]
    first = (precise if precise else faults)[0]
    if first["type"] == "json_invalid":
        return Refusal(400, f"The body is not JSON: {first['ctx']['error']} at character {first['loc'][-1]}.")
    parts = first["loc"][1:]
    # Between the names of fields stand those of the types that were tried; they say nothing to a client.
    known = [part for part in parts[:-1] if isinstance(part, int) or part in FIELDS]
    if parts and (first["type"] == "extra_forbidden" or isinstance(parts[-1], int) or parts[-1] in FIELDS):
        known.append(parts[-1])
    place = ".".join(str(part) for part in known)
    if first["type"] == "missing" and not place:
        return Refusal(422, "The body is empty; it must be a JSON object.")
    if first["type"] == "too_long":
        many, most = first["ctx"]["actual_length"], first["ctx"]["max_length"]
        return Refusal(422, f"{place[:100]}: these are {many:,}, at most {most:,} can be taken at a time.")
    if first["type"] == "extra_forbidden":
        return Refusal(422, f"{place[:100]}: there is no such field.")
    return Refusal(422, f"{place[:100] or 'The body'}: {first['msg']}.")


def _refused(refusal: Refusal) -> Response:
    return Response(refusal.body(), refusal.status, dict(refusal.headers), PROBLEM)

"""The bench: a page on the editor's own machine, on which marked words become claims.

It writes by ``Changes`` and ``save``, as ``forumgraph claim`` does. Whoever reads its address may
write, so the address has a token, and the page takes requests of its own origin only.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue

from sparql_endpoint.check.finding import Finding
from sparql_endpoint.edit.changes import Changes, Draft, claims_file
from sparql_endpoint.edit.find import refuse_span
from sparql_endpoint.edit.forms import fields_of
from sparql_endpoint.edit.save import ChangedMeanwhileError, digest_of, judge, save
from sparql_endpoint.edit.sources import describe_source, propose_head
from sparql_endpoint.errors import ForumGraphError, UsageError
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.graph.quotes import Span
from sparql_endpoint.graph.sources import SourceText, read_source
from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["bench"]

_STYLE = Path(__file__).parent.parent / "endpoint" / "static" / "style.css"
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_FIELDS = ("subject", "predicate", "object", "claimant", "standing", "basis", "note")
_OF_RULE = {
    "quote-carries-fact": "words",
    "words-say-less": "words",
    "quote-text": "words",
    "shapes:QuoteLength": "words",
    "shapes:StakeHeld": "standing",
    "shapes:ClaimantExisted": "claimant",
    "shapes:InferredExplained": "note",
    "shapes:HeldBeforeTold": "standing",
    "shapes:SubjectInDomain": "subject",
    "shapes:ObjectInRange": "object",
}
"""Beside which field of the form the finding of a rule stands."""


def bench(sources: Path, token: str) -> Flask:  # noqa: C901  # a list of routes, each short
    """Return the application of the bench.

    Args:
        sources: the folder of the sources' texts.
        token: the secret in the address.
    """
    app = Flask(__name__, static_url_path="/static")
    writing, checks = Lock(), _Checks(sources)

    @app.before_request
    def only_the_editor() -> None:
        _refuse_others(token)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(ForumGraphError)
    def refused(error: ForumGraphError) -> ResponseReturnValue:
        changed = isinstance(error, ChangedMeanwhileError)
        status = HTTPStatus.CONFLICT if changed else HTTPStatus.UNPROCESSABLE_ENTITY
        found = error.found if isinstance(error, _FormError) else [("", str(error))]
        return jsonify(findings=[{"field": f, "message": text} for f, text in found]), status

    @app.get("/static/style.css")
    def style() -> Response:
        return send_file(_STYLE)

    @app.get("/<token>/")
    def texts() -> str:
        slugs = sorted(path.stem for path in sources.glob("*.txt"))
        described = {slug: claims_file(slug).exists() for slug in slugs}
        return render_template("texts.html", described=described)

    @app.get("/<token>/<slug>/")
    def article(slug: str) -> str:
        text = read_source(sources, slug)
        classes = _classes(_as_it_is())
        return render_template(
            "bench.html", slug=slug, head=propose_head(text), classes=classes,
            described=claims_file(slug).exists(),
        )  # fmt: skip

    @app.get("/<token>/<slug>/state.json")
    def state(slug: str) -> Response:
        return jsonify(_state(read_source(sources, slug)))

    @app.post("/<token>/<slug>/source")
    def describe(slug: str) -> ResponseReturnValue:
        with writing:
            changes = Changes()
            text = read_source(sources, slug)
            describe_source(changes, text, propose_head(text))
            findings = checks.findings(changes)
            if not findings["findings"]:
                save(changes)
            return jsonify(findings), _status(findings)

    @app.get("/<token>/names.json")
    def names() -> Response:
        found = _as_it_is().names.suggestions(request.args.get("q", ""))
        return jsonify([{"name": each.entity.label(), "iri": each.entity.iri} for each in found])

    @app.get("/<token>/fields.json")
    def fields() -> Response:
        return jsonify(_fields(_as_it_is(), request.args))

    @app.post("/<token>/<slug>/check")
    def check_only(slug: str) -> ResponseReturnValue:
        changes = Changes()
        _draft(changes, read_source(sources, slug), _json())
        findings = checks.findings(changes, while_typing=True)
        return jsonify(findings), _status(findings)

    @app.post("/<token>/<slug>/claims")
    def add(slug: str) -> ResponseReturnValue:
        given = _json()
        with writing:
            if given.get("version") != _version(slug):
                raise ChangedMeanwhileError(
                    "Somebody else saved claims of this article meanwhile, and nothing of yours was"
                    " written. The page shows them now: look at them, then save again."
                )
            changes = Changes()
            name = _draft(changes, read_source(sources, slug), given)
            findings = checks.findings(changes)
            if not findings["findings"]:
                save(changes)
            return jsonify(findings | {"claim": name}), _status(findings)

    return app


def _as_it_is() -> Changes:
    """Return the project without a change, which nobody may add; it is read once a state of it."""
    return _read(digest_of({}))


@lru_cache(maxsize=1)
def _read(_: object) -> Changes:
    return Changes()


def _refuse_others(token: str) -> None:
    """Refuse a request without the token, of another origin or by another name of the machine.

    A name that an attacker lets point to this machine is no loopback address (DNS rebinding).
    """
    if request.host.rpartition(":")[0] not in {"127.0.0.1", "localhost", "[::1]"}:
        abort(HTTPStatus.FORBIDDEN)
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(HTTPStatus.FORBIDDEN)
    if request.endpoint not in {"static", "style"}:
        given = (request.view_args or {}).pop("token", "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            abort(HTTPStatus.NOT_FOUND)


def _json() -> dict[str, Any]:
    given = request.get_json()  # 415 for a form, which any page can send
    if not isinstance(given, dict):
        abort(HTTPStatus.BAD_REQUEST)
    return given


def _status(findings: Mapping[str, Any]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if findings["findings"] else HTTPStatus.OK


def _version(slug: str) -> str:
    path = claims_file(slug)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _state(text: SourceText) -> dict[str, Any]:
    """Return the text, its quotes with their claims, and what the claims say, in words."""
    version = _version(text.slug)
    changes = _as_it_is()
    evidence = read_evidence(changes.store)
    iri = PREFIXES["source"] + text.slug
    mine = [q for q in evidence.quotes if q.source is not None and q.source.value == iri]  # type: ignore[union-attr]  # an IRI
    start = f"{PREFIXES['claim']}{text.slug}-"
    claims = [claim for claim in evidence.claims if claim.iri.value.startswith(start)]
    return {
        "version": version,
        "text": text.text,
        "quotes": sorted((q.start, q.end) for q in mine if q.start is not None),
        "claims": [
            {
                "name": shorten(claim.iri.value),
                "says": " ".join(
                    _called(changes, term)
                    for term in (claim.subject, claim.predicate, claim.object)
                ),
                "standing": shorten(getattr(claim.standing, "value", "")).partition(":")[2],
            }
            for claim in claims
        ],
    }


def _called(changes: Changes, term: Any) -> str:
    value = str(getattr(term, "value", ""))
    return changes.names.label(term) if value.startswith("http") else value


def _classes(changes: Changes) -> list[tuple[str, str]]:
    named = [(name, changes.names.label(node)) for name, node in changes.names.classes.items()]
    wanted = ("dfo:", "foaf:", "org:", "schema:", "dcterms:")
    return sorted((each for each in named if each[0].startswith(wanted)), key=lambda pair: pair[1])


def _fields(changes: Changes, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields of the class named, or of the class of the thing named."""
    cls = given.get("class")
    kinds = [changes.names.cls(cls)] if cls else changes.classes_of(given.get("subject", ""))
    found: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        for field in fields_of(kind, changes.store, changes.names):
            found.setdefault(field.property, vars(field))
    return list(found.values())


class _FormError(UsageError):
    """What is wrong with the fields of the form: pairs of a field's name and a sentence."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(text for _, text in found))
        self.found = found


class _Form:
    """Gathers what is wrong with the fields, so that an editor sees all of it at once."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    @contextmanager
    def field(self, name: str) -> Iterator[None]:
        """Take an error of the name's value for a finding beside its field."""
        try:
            yield
        except UsageError as error:
            self._found.append((name, str(error)))

    def end(self) -> None:
        """Raise what was found.

        Raises:
            _FormError: a field has no value that can be.
        """
        if self._found:
            raise _FormError(self._found)


def _draft(changes: Changes, text: SourceText, given: Mapping[str, Any]) -> str:
    """Write the claim of a form into the changes; return its short name.

    Raises:
        UsageError: a field has no value that can be.
    """
    form, values = _Form(), {name: str(given.get(name, "")) for name in _FIELDS}
    spans: tuple[Span, ...] = ()
    with form.field("words"):
        spans = tuple(_spans(changes, text, given.get("words", ())))
    for each in given.get("new", ()):
        with form.field(""):
            _describe(changes, each)
    with form.field("subject"):
        changes.names.thing(values["subject"])
    with form.field("predicate"):
        property_ = changes.names.property(values["predicate"])
        with form.field("object"):
            changes.names.value(values["object"], property_, "en")
    if values["claimant"]:
        with form.field("claimant"):
            changes.names.thing(values["claimant"])
    form.end()
    draft = Draft(
        text.slug,
        spans,
        values["subject"],
        values["predicate"],
        values["object"],
        claimant=values["claimant"],
        standing=values["standing"] or "asserted",
        basis=values["basis"] or "stated",
        note=values["note"],
    )
    return shorten(changes.claim(draft).value)


def _describe(changes: Changes, given: Mapping[str, Any]) -> None:
    """Describe a new thing with the facts of it that need no claim."""
    thing = changes.describe(given["class"], given["label"])
    for name, value in given.get("facts", {}).items():
        property_ = changes.names.property(name)
        changes.state(thing, property_, changes.names.value(value, property_, "en"))


def _spans(changes: Changes, text: SourceText, words: Any) -> Iterator[Span]:
    """Yield the spans that are marked, as pairs of offsets in code points.

    Raises:
        UsageError: nothing is marked, or what is marked can be no quote.
    """
    iri = PREFIXES["source"] + text.slug
    ends = [each.body_end for each in read_evidence(changes.store).sources if each.iri.value == iri]
    if not words:
        raise UsageError("Mark the words of the article that say it, and take them.")
    for start, end in words:
        if not 0 <= start < end <= len(text.text):
            raise UsageError("These words are no part of the article.")
        span = Span(text.slug, start, end, text.text[start:end])
        refuse_span(span, ends[0] if ends else None)
        yield span


class _Checks:
    """Checks, one after the other.

    Args:
        sources: the folder of the sources' texts.
    """

    def __init__(self, sources: Path) -> None:
        self._sources, self._lock, self._newest = sources, Lock(), 0

    def findings(self, changes: Changes, *, while_typing: bool = False) -> dict[str, Any]:
        """Return what the check finds; nothing for a draft that a newer one has replaced."""
        self._newest += 1
        number = self._newest
        with self._lock:
            if while_typing and number != self._newest:
                return {"findings": [], "missing": [], "replaced": True}
            verdict = judge(changes, self._sources)
            return {
                "findings": [_finding(each) for each in verdict.faults],
                "missing": [_finding(each) for each in verdict.missing],
            }


def _finding(finding: Finding) -> dict[str, str]:
    about = shorten(finding.predicate.value).partition(":")[2] if finding.predicate else ""
    return {
        "field": _OF_RULE.get(finding.rule, about),
        "message": f"{finding.message} {finding.mend}".strip(),
        "rule": finding.rule,
    }

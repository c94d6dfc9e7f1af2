"""Where readers find proofs: in which place of a project each deferred one appears."""

from collections.abc import Iterator
from typing import cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.entries import DocumentEntries, Place, ProofEntry
from notesbuild.sphinxext.export import reading_order
from notesbuild.sphinxext.kinds import translate

Key = tuple[str, str]
"""A document and an anchor in it, where something was written."""

_NOTHING = ((), (), (), ())


def place_proofs(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find a place for every deferred proof, and the pages that now show something else."""
    domain = results_domain(env)
    domain.data["placed"] = dict(_placed(env, domain))
    before = domain.data["carried"]
    elsewhere = proofs_elsewhere(domain)
    after = {name: _shown(domain, name, elsewhere) for name in domain.documents}
    domain.data["carried"] = {name: shown for name, shown in after.items() if any(shown)}
    return [name for name, shown in after.items() if shown != before.get(name, _NOTHING)]


def placed(domain: ResultsDomain) -> dict[Key, Place]:
    """The place of every deferred proof."""
    return cast(dict[Key, Place], domain.data["placed"])


def proofs_at(domain: ResultsDomain, docname: str, anchor: str) -> list[ProofEntry]:
    """The proofs that appear at a place, in the order in which they were written."""
    return [entry for entry, place in moved_proofs(domain) if _spot(place) == (docname, anchor)]


def moved_proofs(domain: ResultsDomain) -> Iterator[tuple[ProofEntry, Place]]:
    """Every deferred proof and where readers find it."""
    for (docname, anchor), place in placed(domain).items():
        for entry in domain.documents[docname].proofs:
            if entry.anchor == anchor:
                yield entry, place


def proofs_elsewhere(domain: ResultsDomain) -> dict[Key, list[ProofEntry]]:
    """The proofs of each result that has none directly behind it, by the result's place."""
    if domain.elsewhere is None:
        domain.elsewhere = _elsewhere(domain)
    return domain.elsewhere


def _elsewhere(domain: ResultsDomain) -> dict[Key, list[ProofEntry]]:
    found: dict[Key, list[ProofEntry]] = {}
    for _, entries in sorted(domain.documents.items()):
        for entry in entries.proofs:
            proved = domain.find(entry.of) if entry.of else None
            key = (proved.docname, proved.anchor) if proved else (entry.docname, entry.ofid)
            found.setdefault(key, []).append(entry)
    return {key: those for key, those in found.items() if not any(p.follows for p in those)}


def found_at(domain: ResultsDomain, entry: ProofEntry) -> Place:
    """Where readers find a proof."""
    return placed(domain).get((entry.docname, entry.anchor), entry.place)


def readers_find(domain: ResultsDomain) -> dict[Key, str]:
    """Of every anchor inside a deferred proof: the page that it is on."""
    return {
        (entry.docname, name): place.docname
        for entry, place in moved_proofs(domain)
        for name in entry.ids
    }


def shown_targets(domain: ResultsDomain) -> dict[str, frozenset[str]]:
    """What the text on each page refers to, wherever it was written."""
    targets = {docname: entries.targets for docname, entries in domain.documents.items()}
    for entry, place in moved_proofs(domain):
        targets[place.docname] |= {*entry.uses, entry.of}
    for docname, entries in domain.documents.items():
        for label in entries.restated:
            found = domain.find(label)
            targets[docname] |= {label, *(found.uses if found else ())}
    return targets


def place_in_words(env: BuildEnvironment, place: Place) -> str:
    """“Section 5.2”, or the title of a section without a number."""
    language = env.config.language
    if place.own:
        return translate("Deferred proofs", language)
    numbers = env.toc_secnumbers.get(place.docname, {})
    number = numbers.get(f"#{place.section}") if place.section else numbers.get("")
    if not number:
        return place.title or str(env.titles[place.docname].astext())
    word = "Chapter {}" if len(number) == 1 else "Section {}"
    return translate(word, language).format(".".join(map(str, number)))


def _spot(place: Place) -> Key:
    return place.docname, place.anchor


def _placed(env: BuildEnvironment, domain: ResultsDomain) -> Iterator[tuple[Key, Place]]:
    """Each proof goes to the next list behind it, or else to the end of its own chapter."""
    read = [name for name in reading_order(env) if name in domain.documents]
    strays = sorted(domain.documents.keys() - set(read))
    for names in (read, *([name] for name in strays)):
        waiting: list[ProofEntry] = []
        for docname in names:
            for found in _in_order(domain.documents[docname]):
                if isinstance(found, ProofEntry):
                    waiting.append(found)
                else:
                    yield from (((p.docname, p.anchor), found) for p in waiting)
                    waiting = []
        for entry in waiting:
            own = (place for place in domain.documents[entry.docname].lists if place.own)
            yield (entry.docname, entry.anchor), next(own)


def _in_order(entries: DocumentEntries) -> list[ProofEntry | Place]:
    """The deferred proofs of a document and the author's places for such, as they come."""
    found: dict[int, ProofEntry | Place] = {p.place.order: p for p in entries.proofs if p.deferred}
    found |= {place.order: place for place in entries.lists if not place.own}
    return [found[order] for order in sorted(found)]


def _shown(
    domain: ResultsDomain, docname: str, elsewhere: dict[Key, list[ProofEntry]]
) -> tuple[object, ...]:
    """What a page shows of other places, or says about them."""
    env = domain.env
    entries = domain.documents[docname]
    here = [
        (entry.docname, entry.anchor, entry.digest, _numbers(env, entry.docname))
        for place in entries.lists
        for entry in proofs_at(domain, docname, place.anchor)
    ]
    stated = [domain.find(label) for label in entries.restated]
    again = [(r.docname, r.anchor, r.kind, r.digest, _numbers(env, r.docname)) for r in stated if r]
    away = [
        (place, place_in_words(env, place))
        for entry in entries.proofs
        if (place := placed(domain).get((docname, entry.anchor)))
    ]
    proved = [
        (place, place_in_words(env, place))
        for r in entries.results
        for place in (found_at(domain, p) for p in elsewhere.get((docname, r.anchor), ()))
    ]
    return tuple(here), tuple(again), tuple(away), tuple(proved)


def _numbers(env: BuildEnvironment, docname: str) -> dict[str, dict[str, tuple[int, ...]]]:
    return env.toc_fignumbers.get(docname, {})


def setup_placing(app: Sphinx) -> None:
    """Places of proofs."""
    # After all numbers, and before references are compared.
    app.connect("env-get-updated", place_proofs, priority=940)

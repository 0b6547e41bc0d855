"""A nation that never was, in the terms of our own ontology: 43 forces and what they do together.

Statements come as parts: a named graph with its triples, a paragraph, inference or dataset at a
time, so that ten million of them need no more memory than ten thousand. Everything here keeps every
rule; what breaks them is planted by `planted.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from emgraph.dates import edtf_of, iri_of_date, meaning
from emgraph.namespaces import prefixes

FIRST, LAST = 2006, 2025
FORCES = tuple(
    f"{name}shire"
    for name in (
        *("ambridge", "barset", "borset", "brock", "calder", "carse", "crom", "dun", "elder"),
        *("eske", "fallow", "felper", "garth", "glebe", "hallam", "harrow", "hart", "ilex", "kell"),
        *("kings", "lamb", "larch", "linden", "loam", "marl", "mere", "middle", "nether", "north"),
        *("oaken", "otter", "pel", "quarry", "raven", "ridge", "rother", "rowan", "south", "stour"),
        *("thorn", "wald", "wey", "yarrow"),
    )
)
NATIONAL = ("hmi", "college", "chiefs-council", "commissioners-association")
WORK = ("Roads", "Dogs", "Firearms", "Forensics", "Legal", "Training", "Custody", "Cyber", "Fraud")
SERVICES = ("intelligence", "surveillance", "procurement", "vetting", "tasking", "fleet")
_PREFIXES = prefixes()
_ACT = 2012  # the year after which agreements are made under section 22A, by commissioners


class Part(NamedTuple):
    """A named graph, as an IRI in angle brackets, and triples in N-Triples without their dot."""

    graph: str
    triples: list[str]


def iri(name: str) -> str:
    """An IRI in angle brackets from a name with our prefixes."""
    prefix, _, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


def text(words: str) -> str:
    """English text."""
    return f'"{words}"@en'


def plain(words: str) -> str:
    """Text as printed, without a language."""
    return f'"{words}"'


def typed(words: object, datatype: str) -> str:
    """A typed literal."""
    return f'"{words}"^^{iri(datatype)}'


def said(subject: str, **properties: str | Sequence[str]) -> Iterator[str]:
    """Triples about a subject: `a` is its class; em: goes without saying, org__member has another.

    Values that begin with < or " stand as they are, others are names.
    """
    start = iri(subject)
    for name, values in properties.items():
        predicate = iri("rdf:type" if name == "a" else _predicate(name))
        for value in (values,) if isinstance(values, str) else values:
            written = value if value.startswith(("<", '"')) else iri(value)
            yield f"{start} {predicate} {written}"


def _predicate(name: str) -> str:
    return name.replace("__", ":") if "__" in name else f"em:{name}"


class Dates:
    """Gives date nodes by their EDTF form, and at the end says what each that was used means."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def __call__(self, edtf: str) -> str:
        """The date of a form, as an IRI in angle brackets."""
        self._used.add(edtf)
        return f"<{iri_of_date(edtf)}>"

    def use(self, node: str) -> None:
        """Note that a date is used, by its IRI."""
        self._used.add(edtf_of(node) or "")

    def part(self) -> Part:
        """The graph of the bounds of all dates that were used."""
        triples = [*said("graph:dates", a="em:DerivedDataset", rdfs__label=text("what dates mean"))]
        for edtf in sorted(self._used):
            label, earliest, latest = meaning(edtf)
            bounds = {"earliest": earliest, "latest": latest}
            about = {name: typed(day, "xsd:date") for name, day in bounds.items() if day}
            node = "date:" + iri_of_date(edtf).rpartition("/")[2]
            triples += said(node, a="em:Date", rdfs__label=text(label), edtf=plain(edtf), **about)
        return Part(iri("graph:dates"), triples)


def reference(dates: Dates) -> Part:
    """The forces with their areas, chief officers and policing bodies, and the financial years."""
    graph = "graph:nation"
    triples = [
        *said(graph, a="em:ReferenceDataset", rdfs__label=text("the nation")),
        *said(graph, reason=text("Made up, for measuring.")),
    ]
    for number, force in enumerate(FORCES):
        name = force.capitalize()
        triples += said(
            f"force:{force}",
            a="em:PoliceForce",
            rdfs__label=text(f"{name} Police"),
            polices=f"area:{force}",
            skos__notation=typed(force, "em:PoliceDataId"),
        )
        code = typed(f"E23{number:06d}", "em:GssCode")
        triples += said(f"area:{force}", a="em:PoliceArea", skos__notation=code)
        triples += said(f"chief:{force}", a="em:ChiefOfficer", directs=f"force:{force}")
        for kind, body in (("PoliceAuthority", "authority"), ("PoliceAndCrimeCommissioner", "pcc")):
            triples += said(f"body:{force}-{body}", a=f"em:{kind}", maintains=f"force:{force}")
    for body in NATIONAL:
        kind = "em:Inspectorate" if body == "hmi" else "em:NationalBody"
        triples += said(f"body:{body}", a=kind, rdfs__label=text(f"national {body}"))
    for year in range(FIRST, LAST + 2):
        span = {"begins": dates(f"{year}-04-01"), "ends": dates(f"{year + 1}-03-31")}
        triples += said(f"year:{year}-{year + 1}", a="em:FinancialYear", **span)
    return Part(iri(graph), triples)


def papers(seed: int, dates: Dates) -> Iterator[list[Part]]:
    """Papers without end, each as its graphs: those of one panel after another, over the years."""
    random, number = Random(seed), 0
    while True:
        number += 1
        forces = random.sample(FORCES, random.randint(3, 6))
        start = random.randint(FIRST, LAST - 4)
        units = [Unit(f"{number}-{work.lower()}", work, forces, start) for work in WORK[:6]]
        for year in range(start, LAST, 4):
            yield list(Paper(number, year, random, dates).parts(units))


class Unit:
    """A collaboration over the years: who is in it, and its agreement in force."""

    def __init__(self, key: str, work: str, forces: Sequence[str], since: int) -> None:
        self.key, self.work, self.since = key, work, since
        self.members = list(forces)
        self.agreement = ""
        self.iri = f"collab:{key}"


class Paper:
    """One annual paper to a panel: a document, its paragraphs, and what is concluded from them."""

    def __init__(self, panel: int, year: int, random: Random, dates: Dates) -> None:
        self._panel, self._year, self._random, self._dates = panel, year, random, dates
        self._key = f"panel-{panel}-{year}"
        self._document = f"source:{self._key}"
        self._places: list[str] = []

    def parts(self, units: Iterable[Unit]) -> Iterator[Part]:
        """The graphs of the paper, the document last."""
        panel = f"board:panel-{self._panel}"
        yield self._place(
            *said(
                self._document,
                a="em:Document",
                headerDate=self._day(9),
                addressedTo=panel,
            ),
            *said(panel, a="em:Panel", nameAsPrinted=plain(f"Panel {self._panel}")),
        )
        for unit in units:
            if unit.since == self._year and not unit.agreement:
                yield self._place(*self._founding(unit))
            elif len(unit.members) > 3 and self._random.random() < 0.2:
                yield self._place(*self._leaving(unit, unit.members.pop()))
            yield self._place(*self._members(unit))
            yield self._place(*self._agreement(unit))
            yield self._concluded(unit)
            for tell in (self._board, self._budget, self._inspected, self._decided, self._done):
                yield self._place(*tell(unit))
        about = said(self._document, a="em:Document", rdfs__label=text(f"Paper {self._key}"))
        yield Part(iri(self._document), [*about, *self._contents()])

    def _place(self, *triples: str) -> Part:
        """A paragraph that makes these statements."""
        place = f"{self._document}/{len(self._places) + 1}"
        self._places.append(place)
        return Part(iri(place), list(triples))

    def _contents(self) -> Iterator[str]:
        for number, place in enumerate(self._places, 1):
            yield from said(
                place,
                a="em:Paragraph",
                rdfs__label=text(f"Paper {self._key} ¶{number}"),
                number=plain(str(number)),
                position=typed(number, "xsd:integer"),
                dcterms__isPartOf=self._document,
            )

    def _day(self, month: int, years: int = 0) -> str:
        """A day of a month, exact."""
        return self._dates(f"{self._year + years}-{month:02d}-{self._random.randint(1, 28):02d}")

    def _roughly(self) -> str:
        """A time in the year as papers give it: a day, month, season, year, or since then."""
        month = self._random.randint(2, 11)
        forms = ("", f"-{month:02d}", f"-2{1 + month % 3}", "/..", "~", f"-{month:02d}-14")
        return self._dates(f"{self._year}{self._random.choice(forms)}")

    def _founding(self, unit: Unit) -> Iterator[str]:
        when, count = self._roughly(), typed(len(unit.members), "xsd:integer")
        yield from said(unit.iri, a="em:Collaboration", established=when, participantCount=count)
        for force in unit.members:
            yield from said(f"membership:{unit.key}-{force}", a="em:Membership", begins=when)

    def _members(self, unit: Unit) -> Iterator[str]:
        yield from said(
            unit.iri,
            a="em:Collaboration",
            nameAsPrinted=plain(f"{unit.work} Unit {self._panel}"),
            acronymAsPrinted=plain(f"{unit.work[:2].upper()}U{self._panel}"),
            hasPurpose=f"purpose:{unit.key}",
        )
        content = text(f"To share {unit.work.lower()} among {len(unit.members)} forces.")
        yield from said(f"purpose:{unit.key}", a="em:Purpose", content=content)
        for force in unit.members:
            yield from self._membership(unit, force, status="em:Participating")

    def _membership(self, unit: Unit, force: str, status: str) -> Iterator[str]:
        yield from said(
            f"membership:{unit.key}-{force}",
            a="em:Membership",
            org__organization=unit.iri,
            org__member=f"force:{force}",
            statusAsAtDocument=status,
            asAt=self._document,
        )
        name = plain(f"{force.capitalize()} Police")
        yield from said(f"force:{force}", a="em:PoliceForce", nameAsPrinted=name)

    def _leaving(self, unit: Unit, force: str) -> Iterator[str]:
        key, about = f"{unit.key}-{force}", {"by": f"force:{force}", "from": unit.iri}
        yield from said(unit.iri, a="em:Collaboration")
        yield from self._membership(unit, force, status="em:Withdrawn")
        yield from said(
            f"membership:{key}", ends=self._day(6), endedBy=f"withdrawal:{key}", a="em:Membership"
        )
        left = {"occurredOn": self._day(5), "noticeGiven": f"withdrawal:{key}-notice"}
        yield from said(f"withdrawal:{key}", a="em:Withdrawal", **about, **left)
        given = self._day(4, years=-1)
        notice = f"withdrawal:{key}-notice"
        yield from said(notice, a="em:WithdrawalNotice", givenOn=given, **about)

    def _agreement(self, unit: Unit) -> Iterator[str]:
        key, before = f"{unit.key}-{self._year}", unit.agreement
        unit.agreement = f"agreement:{key}"
        modern = self._year > _ACT
        body = "pcc" if modern else "authority"
        kind = "em:CollaborationAgreement" if modern else "em:Section23Agreement"
        signed = self._dates(f"{min(self._year, 2011) if not modern else self._year}-03-02")
        bodies = [(force, who) for force in unit.members for who in ("chief", body)]
        organizations = [
            f"chief:{force}" if who == "chief" else f"body:{force}-{who}" for force, who in bodies
        ]
        parties = [f"party:{key}-{force}-{who}" for force, who in bodies]
        yield from said(
            unit.agreement,
            a=kind,
            governs=unit.iri,
            hasParty=parties,
            signature=f"signature:{key}",
            inWriting=typed("true", "xsd:boolean"),
            publication=f"publication:{key}",
            provisionType="em:ForceProvision",
            termBegins=self._dates(f"{self._year}-04-01"),
            **({"supersedes": before} if before else {}),
        )
        yield from said(f"signature:{key}", a="em:Signature", signedOn=signed)
        yield from said(f"signature:{key}", signatory=organizations)
        yield from said(f"publication:{key}", a="em:Publication", publicationLevel="em:SummaryOnly")
        for party, organization in zip(parties, organizations, strict=True):
            is_chief = organization.startswith("chief")
            capacity = "em:AsChiefOfficer" if is_chief else "em:AsPolicingBody"
            of_party = {"partyOrganization": organization, "capacity": capacity}
            yield from said(party, a="em:Party", **of_party)

    def _concluded(self, unit: Unit) -> Part:
        """The conclusion that the members' offices are to be expected as parties."""
        name = f"inference:{unit.key}-parties-{self._year}"
        about = said(
            name,
            a="em:Inference",
            rdfs__label=text(f"inference: parties of {unit.agreement}"),
            reason=text("Each force acts by its chief officer."),
            prov__wasDerivedFrom=self._places[-1],
        )
        expected = [f"chief:{force}" for force in unit.members]
        return Part(iri(name), [*about, *said(unit.agreement, expectedParty=expected)])

    def _board(self, unit: Unit) -> Iterator[str]:
        board, key = f"board:{unit.key}", f"{unit.key}-{self._year}"
        name = plain(f"{unit.work} Board {self._panel}")
        often = "em:Quarterly"
        yield from said(board, a="em:Board", nameAsPrinted=name, meets=often, oversees=unit.iri)
        yield from self._tenure(
            f"tenure:{key}-chair", role="em:Chair", at=board, asAt=self._document
        )
        post = f"post:{unit.key}-head"
        held = {"begins": self._day(2), "ends": self._day(1, years=4)}
        yield from self._tenure(f"tenure:{key}-head", inPost=post, **held)
        yield from said(post, a="org:Post", rdfs__label=text(f"head of {unit.key}"))

    def _tenure(self, tenure: str, **properties: str) -> Iterator[str]:
        person = f"person:n{self._random.randint(1, 10**9)}"
        yield from said(tenure, a="em:Tenure", holder=person, rankAsPrinted=plain("ACC"))
        yield from said(tenure, **properties)
        yield from said(person, a="foaf:Person", foaf__name=plain("Alex Exemplar"))

    def _budget(self, unit: Unit) -> Iterator[str]:
        key = f"{unit.key}-{self._year}"
        total, of_year = f"budget:{key}-total", f"year:{self._year}-{self._year + 1}"
        sums = {force: self._random.randint(100, 9999) for force in unit.members}
        for force, thousands in sums.items():
            line = f"budget:{key}-{force}"
            of = {"budgetOf": f"force:{force}", "forCollaboration": unit.iri, "inTotal": total}
            yield from said(line, a="em:BudgetLine", measure="em:NetBudget", **of)
            yield from self._amount(line, thousands, of_year)
        yield from said(total, a="em:BudgetTotal")
        yield from self._amount(total, sum(sums.values()), of_year)

    @staticmethod
    def _amount(line: str, thousands: int, year: str) -> Iterator[str]:
        yield from said(
            line,
            financialYear=year,
            amount=typed(f"{thousands}000.0", "xsd:decimal"),
            currency=plain("GBP"),
            asStated=plain(f"£{thousands // 1000}.{thousands % 1000:03d}m"),
            precision=typed("1000.0", "xsd:decimal"),
            bound="em:Exactly",
        )

    def _inspected(self, unit: Unit) -> Iterator[str]:
        key = f"{unit.key}-{self._year}"
        finding, report = f"finding:{key}", f"report:{key}"
        by = {"speaker": "body:hmi", "about": unit.iri}
        told = {"modality": "em:ReportedFinding", "madeIn": report}
        content = text(f"The {unit.work.lower()} unit is slow to answer.")
        yield from said(finding, a="em:AreaForImprovement", content=content, **by, **told)
        yield from said(report, a="em:InspectionReport", printedAs=plain(f"report {key}"))
        asked = {"modality": "em:Recommended", "content": text("To answer sooner.")}
        yield from said(f"recommendation:{key}", a="em:Recommendation", **by, **asked)
        answered = {"respondsTo": finding, "content": text("More staff.")}
        yield from said(f"response:{key}", a="em:Response", **answered)

    def _decided(self, unit: Unit) -> Iterator[str]:
        key, claim = f"{unit.key}-{self._year}", f"claim:{unit.key}-{self._year}"
        when = {"decidedOn": self._dates(f"{self._year}-05"), "effectiveFrom": self._day(10)}
        yield from said(f"decision:{key}", a="em:Decision", decides=f"review:{key}", **when)
        review = {"about": unit.iri, "heldAt": f"board:{unit.key}"}
        yield from said(f"review:{key}", a="em:Review", **review)
        own = {"modality": "em:Opinion", "speaker": self._document, "about": unit.iri}
        yield from said(claim, a="em:Claim", content=text("It serves us well."), **own)
        saving, thousands = f"money:{key}-saving", self._random.randint(10, 900)
        yield from said(saving, a="em:Saving", modality="em:Estimate", arisesFrom=unit.iri)
        yield from self._amount(saving, thousands, f"year:{self._year}-{self._year + 1}")

    def _done(self, unit: Unit) -> Iterator[str]:
        for service in self._random.sample(SERVICES, 2):
            delivery = f"delivery:{unit.key}-{service}-{self._year}"
            where = [f"area:{force}" for force in unit.members]
            by = {"serviceDelivered": f"service:{service}", "deliveredBy": unit.iri}
            yield from said(delivery, a="em:Delivery", deliveredIn=where, **by)
            yield from said(f"service:{service}", a="em:Service", rdfs__label=text(service))

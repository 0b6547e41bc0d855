"""The terms of the vocabularies of others that emgraph reads, and what a slip of one was meant for.

The lists are whole: a test compares them with those that rdflib has from the W3C and others.
"""

from collections.abc import Collection, Sequence
from functools import cache

from emgraph.namespaces import (
    DCTERMS,
    EM,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    prefixes,
)

_WORDS = {
    DCTERMS: """
Agent AgentClass BibliographicResource Box DCMIType DDC FileFormat Frequency IMT ISO3166 ISO639-2
ISO639-3 Jurisdiction LCC LCSH LicenseDocument LinguisticSystem Location
LocationPeriodOrJurisdiction MESH MediaType MediaTypeOrExtent MethodOfAccrual MethodOfInstruction
NLM Period PeriodOfTime PhysicalMedium PhysicalResource Point Policy ProvenanceStatement RFC1766
RFC3066 RFC4646 RFC5646 RightsStatement SizeOrDuration Standard TGN UDC URI W3CDTF abstract
accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience available
bibliographicCitation conformsTo contributor coverage created creator date dateAccepted
dateCopyrighted dateSubmitted description educationLevel extent format hasFormat hasPart
hasVersion identifier instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy
isRequiredBy isVersionOf issued language license mediator medium modified provenance publisher
references relation replaces requires rights rightsHolder source spatial subject tableOfContents
temporal title type valid
""",
    FOAF: """
Agent Document Group Image LabelProperty OnlineAccount OnlineChatAccount OnlineEcommerceAccount
OnlineGamingAccount Organization Person PersonalProfileDocument Project account accountName
accountServiceHomepage age aimChatID based_near birthday currentProject depiction depicts
dnaChecksum familyName family_name firstName focus fundedBy geekcode gender givenName givenname
holdsAccount homepage icqChatID img interest isPrimaryTopicOf jabberID knows lastName logo made
maker mbox mbox_sha1sum member membershipClass msnChatID myersBriggs name nick openid page
pastProject phone plan primaryTopic publications schoolHomepage sha1 skypeID status surname theme
thumbnail tipjar title topic topic_interest weblog workInfoHomepage workplaceHomepage yahooChatID
""",
    ORG: """
ChangeEvent FormalOrganization Head Membership Organization OrganizationalCollaboration
OrganizationalUnit Post Role Site basedAt changedBy classification hasMember hasMembership
hasPost hasPrimarySite hasRegisteredSite hasSite hasSubOrganization hasUnit headOf heldBy holds
identifier linkedTo location member memberDuring memberOf organization originalOrganization
postIn purpose remuneration reportsTo resultedFrom resultingOrganization role roleProperty
siteAddress siteOf subOrganizationOf transitiveSubOrganizationOf unitOf
""",
    OWL: """
AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty
AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty
FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual
NegativePropertyAssertion Nothing ObjectProperty Ontology OntologyProperty ReflexiveProperty
Restriction SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty
annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty
bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom
disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf
hasValue imports incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality
members minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties
onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality
rational real sameAs someValuesFrom sourceIndividual targetIndividual targetValue topDataProperty
topObjectProperty unionOf versionIRI versionInfo withRestrictions
""",
    PROV: """
Accept Activity ActivityInfluence Agent AgentInfluence Association Attribution Bundle Collection
Communication Contribute Contributor Copyright Create Creator Delegation Derivation Dictionary
DirectQueryService EmptyCollection EmptyDictionary End Entity EntityInfluence Generation
Influence Insertion InstantaneousEvent Invalidation KeyEntityPair Location Modify Organization
Person Plan PrimarySource Publish Publisher Quotation Removal Replace Revision RightsAssignment
RightsHolder Role ServiceDescription SoftwareAgent Start Submit Usage actedOnBehalfOf activity
activityOfInfluence agent agentOfInfluence alternateOf aq asInBundle atLocation atTime category
component constraints contributed definition derivedByInsertionFrom derivedByRemovalFrom
describesService dictionary dm editorialNote editorsDefinition ended endedAtTime entity
entityOfInfluence generalizationOf generated generatedAsDerivation generatedAtTime hadActivity
hadDelegate hadDerivation hadDictionaryMember hadGeneration hadInfluence hadMember hadPlan
hadPrimarySource hadRevision hadRole hadUsage has_anchor has_provenance has_query_service
influenced influencer informed insertedKeyEntityPair invalidated invalidatedAtTime inverse
locationOf mentionOf n order pairEntity pairKey pingback provenanceUriTemplate
qualifiedAssociation qualifiedAssociationOf qualifiedAttribution qualifiedAttributionOf
qualifiedCommunication qualifiedCommunicationOf qualifiedDelegation qualifiedDelegationOf
qualifiedDerivation qualifiedDerivationOf qualifiedEnd qualifiedEndOf qualifiedForm
qualifiedGeneration qualifiedGenerationOf qualifiedInfluence qualifiedInfluenceOf
qualifiedInsertion qualifiedInvalidation qualifiedInvalidationOf qualifiedPrimarySource
qualifiedQuotation qualifiedQuotationOf qualifiedRemoval qualifiedRevision qualifiedSourceOf
qualifiedStart qualifiedStartOf qualifiedUsage qualifiedUsingActivity quotedAs removedKey
revisedEntity sharesDefinitionWith specializationOf started startedAtTime todo unqualifiedForm
used value wasActivityOfInfluence wasAssociateFor wasAssociatedWith wasAttributedTo
wasDerivedFrom wasEndedBy wasGeneratedBy wasInfluencedBy wasInformedBy wasInvalidatedBy
wasMemberOf wasPlanOf wasPrimarySourceOf wasQuotedFrom wasRevisionOf wasRoleIn wasStartedBy
wasUsedBy wasUsedInDerivation
""",
    RDF: """
Alt Bag CompoundLiteral HTML JSON List PlainLiteral Property Seq Statement XMLLiteral direction
first langString language nil object predicate rest subject type value
""",
    RDFS: """
Class Container ContainerMembershipProperty Datatype Literal Resource comment domain isDefinedBy
label member range seeAlso subClassOf subPropertyOf
""",
    SKOS: """
Collection Concept ConceptScheme OrderedCollection altLabel broadMatch broader broaderTransitive
changeNote closeMatch definition editorialNote exactMatch example hasTopConcept hiddenLabel
historyNote inScheme mappingRelation member memberList narrowMatch narrower narrowerTransitive
notation note prefLabel related relatedMatch scopeNote semanticRelation topConceptOf
""",
}
TERMS = {namespace: frozenset(words.split()) for namespace, words in _WORDS.items()}
_OURS = EM.removesuffix("ns/")
_NEARLY = 0.8  # of the letters
_BEGUN = 0.75  # of a namespace


def meant(iri: str, ours: Collection[str] = (), is_class: bool | None = None) -> list[str]:
    """The IRIs that a term is a slip of: one, or two that differ in case alone; else none.

    It is one if its vocabulary lacks it and has one spelt nearly so, or if its namespace is that of
    such a vocabulary but for a slip, and this has it, or one spelt nearly so. `ours` are the local
    names of em:. Classes have capitals, properties have none, which matters where it is known what
    the term is used as.
    """
    home = next((known for known in _starts() if iri.startswith(known)), None)
    if home is not None:
        own = TERMS.get(home, ())
        return [home + name for name in _near(iri.removeprefix(home), own, is_class)]
    name = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
    vocabularies = {EM: ours, **TERMS}
    home = _home(iri.removesuffix(name), name, vocabularies) if name else None
    names = vocabularies[home] if home else ()
    if _is_one(name, names, is_class):
        return [f"{home}{name}"]
    return [f"{home}{other}" for other in _near(name, names, is_class)]


def _home(namespace: str, name: str, vocabularies: dict[str, Collection[str]]) -> str | None:
    """The namespace that one is a slip of.

    Whatever is under our own address is ours. One that differs by more than scheme, www, case and
    its last mark has to be nearly the same and hold the name too, as many of the W3C's are alike.
    """
    bare = _bare(namespace)
    if bare in _known():
        return _known()[bare]
    if f"{bare}/".startswith(_bare(_OURS) + "/"):
        return EM
    holding = (known for known, names in vocabularies.items() if name in names)
    return next((known for known in holding if _is_slip(bare, _bare(known))), None)


@cache
def _starts() -> tuple[str, ...]:
    """The known namespaces, our own terms first."""
    return (EM, *TERMS, *(one for one in prefixes().values() if one not in TERMS))


@cache
def _known() -> dict[str, str]:
    """The namespaces whose terms are listed by what is the same in all their usual spellings."""
    return {_bare(namespace): namespace for namespace in (EM, *TERMS)}


def _bare(namespace: str) -> str:
    address = namespace.partition("://")[2].casefold()
    return address.removeprefix("www.").rstrip("/#")


def _is_slip(one: str, other: str) -> bool:
    """Whether texts differ by a letter, or by two swapped, or one is the start of the other."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return len(short) >= _BEGUN * len(long)
    same = next(n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b)
    short, long = short[same:], long[same:]
    swapped = short[:2] == long[1::-1] and short[2:] == long[2:]
    return swapped or short[1:] == long[1:] or short == long[1:]


def _is_one(name: str, names: Collection[str], is_class: bool | None) -> bool:
    return name in names and is_class in (None, name[0].isupper())


def _near(name: str, names: Collection[str], is_class: bool | None) -> Sequence[str]:
    """The names that one is a slip of; none for a name that is one of them."""
    if not names or _is_one(name, names, is_class):
        return ()
    import difflib

    beside: dict[str, list[str]] = {}
    for other in sorted(names):
        if is_class in (None, other[0].isupper()):
            beside.setdefault(other.casefold(), []).append(other)
    close = difflib.get_close_matches(name.casefold(), beside, n=1, cutoff=_NEARLY)
    return beside[close[0]] if close else ()

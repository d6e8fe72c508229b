"""Words around a quote that take it back -> patterns over its sentence, each with the doubt that it raises.

The quote stands as one character in its folded sentence. A cue before it governs it as long as no comma,
colon or other clause comes between; a cue after it must be the verb, or the predicate, of which the quote is
the subject. Classes of words stand for what they mean: verbs of denial, of ending, of change, of planning and
of supposing, each with the prepositions that turn them to their object. Each entry is one alternative, without
a "|" of its own outside brackets: what begins or ends with the quote is looked for at its place alone.
"""

# ruff: noqa: E501  A pattern that is broken over lines is harder to read than a long one.

from __future__ import annotations

from typing import Literal

Doubt = Literal["denied", "ended", "replaced", "supposed", "planned", "amended"]
QUOTE = "\x00"  # stands for the quote in its sentence


def _near(words: int) -> str:
    """Match up to so many words of one clause between a cue and the quote."""
    return rf"(?:[^\s,;:\x00]+ ){{0,{words}}}"


_APPOSED = r"(?:,[^,;]{1,60},|,)?"  # "Renn, the mayor of Elden, stepped down"
_AUXILIARY = r"(?:did|does|do|has|have|had|was|is|were|are|could|can|will|would)"
_HAS = r"(?:has |have |had |also |later |now |since |just |was |were |is |are |been |finally |already )*"
_BE = r"(?:is|are|was|were|be|been|being)"
# In the scope of a negation, and not behind what turns it round: "not until 12 May", "none other than Renn".
_GOVERNED = r"(?:(?!\b(?:until|till|before|but|because|only|except|than|when|since|if|just|alone)\b)[^,;:\x00]){0,60}\x00"
_CLAUSE = r"[^,;:\x00]{0,80}\x00"  # up to the quote in the same clause
_BRING = rf"(?:['’]s)?{_APPOSED}[^,;:]{{0,40}}\b"  # from the subject to its verb
_PLAN_VERBS = (
    r"(?:plan(?:s|ned|ning)?|propos(?:es?|ed|ing)|hop(?:es?|ed|ing)|wants?|wanted|wish(?:es|ed)?|intend(?:s|ed|ing)?"
    r"|schedul(?:es?|ed|ing)|consider(?:s|ed|ing)?|envisag(?:es?|ed|ing)|mull(?:s|ed|ing)?|weigh(?:s|ed|ing)?(?: up)?"
    r"|aim(?:s|ed|ing)?|seeks?|seeking|sought|pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)|vow(?:s|ed|ing)?"
    r"|recommend(?:s|ed|ing)?|urg(?:es?|ed|ing)|(?:call|push|press|campaign|lobby)(?:s|ed|ing)? for|advocat(?:es?|ed|ing)"
    r"|eye(?:s|d|ing)?|target(?:s|ed|ing)?|contemplat(?:es?|ed|ing)|foresees?|foresaw|project(?:s|ed|ing)?"
    r"|forecast(?:s|ing)?|predict(?:s|ed|ing)?|expect(?:s|ed|ing)?|anticipat(?:es?|ed|ing)|prepar(?:es?|ed|ing) to"
    r"|nominat(?:es?|ed|ing)|shortlist(?:s|ed)?|bids?|is bidding|appl(?:y|ies|ied)|draws? up|drew up|due)"
)
_PLAN_NOUNS = (
    r"(?:plans?|proposals?|drafts?|bills?|schemes?|blueprints?|designs?|sketch(?:es)?|drawings?|manifestos?|motions?"
    r"|petitions?|projects?|applications?|bids?|roadmaps?|vision|models? of the architects?)"
)
_AIMS = r"(?:plans?|proposals?|bids?|bill|motion|petition|campaign|hopes?|ambitions?|intentions?|aim|goal|target|offer|application|draft|calls?|demands?|wish|desire|dream)"
_IN_PLAN = (
    r"(?:due|scheduled|slated|expected|planned|proposed|considered|weighed|discussed|debated|mooted|floated|tipped"
    r"|shortlisted|nominated|earmarked|pencilled in|lined up|chosen to|picked to|set to|on course|on track|favourite"
    r"|in the running|in line|in talks|in negotiations|running for|standing for|under (?:consideration|discussion|review)"
    r"|on the (?:table|drawing board|cards|shortlist)|yet to|still to|about to|to (?!blame|date|thank)[a-z]+)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_COMING = (
    rf"(?:next (?:week|month|year|season|term|spring|summer|autumn|fall|winter|decade|{_MONTHS})|tomorrow"
    r"|in (?:the )?(?:coming|next) (?:\w+ )?(?:days|weeks|months|years|decade)|in (?:the )?future|by (?:the end of the decade|20[3-9]\d)"
    r"|later this (?:week|month|year))"
)
_SUPPOSE = (
    r"(?:suspect\w*|alleg(?:es?|ed|ing|ations?)|rumou?r\w*|speculat\w+|believ(?:es?|ed|ing)|thinks?|thought|fear(?:s|ed|ing)?"
    r"|guess\w*|suppos(?:es?|ed|ing|ition)|presum(?:es?|ed|ing)|assum(?:es?|ed|ing|ption)|imagin(?:es?|ed|ing)|reckon(?:s|ed)?"
    r"|hint(?:s|ed|ing)?|suggest(?:s|ed|ing|ions?)?|wonder(?:s|ed)?|whether|doubt(?:s|ed|ful)?|theor(?:y|ies)|hypothes\w+|suspicions?"
    r"|possibility|likelihood|conjecture|unconfirmed|point(?:s|ed|ing)? to)"
)
# "once mayor", but not "took office at once", "once more", "once a week".
_ONCE = r"(?<!\bat )(?<!than )(?<!just )once(?! (?:more|again|or twice|(?:an?|every|each|per) (?:day|week|month|year|night))\b)"
_PERHAPS = r"(?:perhaps|maybe|possibly|supposedly|presumably|apparently|conceivably|allegedly|reportedly|probably|purportedly)"
_FALSE = r"(?:false|untrue|unfounded|baseless|fabricat\w+|inventions?|invented|fake[ds]?|forged|forgery|bogus|an? hoax|an? myth|made up|nonsense|a lie|lies|no truth|denied|debunked|disproved|mistaken|wrong)"
_GONE = (
    r"(?:resign\w*|quit\w*|step\w* (?:down|aside|back)|st[oa]\w+ down|retire[sd]?\b|ousted|sacked|fired|dismissed|removed"
    r"|deposed|stripped|impeached|voted out|forced out|left\b|leav\w+|depart\w*|died|die[sd]?\b|no longer|bowed out|bow\w* out"
    r"|withdr\w+|ended|lost (?:the|his|her|its|their)|said (?:goodbye|farewell)|gave up|g[ia]v\w+ up|relinquish\w*|vacat\w+"
    r"|clos(?:ed|es)|shut|pull\w* out|walk\w* away|sold (?:the|his|her|its|their|up|off)|dropp?(?:ed|s)|axed|scrapped|abolished"
    r"|cancelled|expired|dissolved|laid down|cleared (?:his|her) desk|parted (?:company|ways)|hung up|handed (?:in|back)"
    r"|turned (?:his|her|its|their) back|moved (?:out|away)|lapsed|ran out|called it a day|bade farewell|took (?:his|her) leave"
    r"|was (?:let go|suspended|recalled|unseated|toppled)|gone\b|packed up|discontinued|phased out|defunct|demolished|torn down|handed over|was (?:killed|buried|murdered|assassinated)|is dead)"
)
_OLD = r"(?:former|ousted|outgoing|departing|ex-?|one-time|onetime|erstwhile|deposed|sacked|late|disgraced|retired|defunct|disused)"
_NO_TURN = r"(?:(?!at\b|to\b|for\b|in\b|on\b|unchanged\b|with\b|behind\b)[\w'’-]+ )"
_FIGURES = r"(?:estimates?|figures?|numbers?|tolls?|counts?|totals?|sums?|claims?|limits?|fees?|prices?|rates?|tall(?:y|ies)|reports?|forecasts?|versions?)"
_WRONG = r"(?:wrong|too (?:high|low)|revised|corrected|mistaken|withdrawn|retracted|exaggerat\w+|outdated|obsolete|inflated|premature|amended|scrapped|overturned|superseded|misprints?|a typing error|an? error|a mistake|a slip|a typo|a miscount)"

PATTERNS: dict[Doubt, tuple[str, ...]] = {
    "denied": (
        rf"\x00{_APPOSED} (?:{_AUXILIARY} (?:not|never)|{_AUXILIARY}n['’]t|cannot|never)\b(?! only| just)",
        rf"\x00{_APPOSED} {_HAS}(?:refus\w+|declin\w+|fail\w+|neglect\w+|omit\w+|forgot|unable|stopped short of|(?:narrowly )?miss(?:es|ed)(?: out)?|fell short)\b",
        rf"\x00{_APPOSED} {_HAS}(?:denie[sd]|deny|denying|disown\w*|disclaim\w*|distanc\w+ (?:himself|herself|itself|themselves))\b",
        rf"\x00{_APPOSED} {_HAS}(?:cleared|exonerated|acquitted|absolved|ruled out|excluded|eliminated|discounted|innocent|beaten|defeated|runners?-up|second)\b",
        rf"\x00{_APPOSED} (?:had |has |plays? |took |have )?(?:nothing to do with|no (?:part|role|hand))\b",
        r"\x00[^;]{0,60}\b(?:said|insist\w*|sw[oe]r\w+|told|testif\w+)\b[^;]{0,60}\b(?:he|she|it|they) (?:had |has |did |was |were )?(?:never|not)\b",
        rf"\x00[^;]{{0,100}}\b(?:{_BE}|as|it|proved|proves|turned out|pure|sheer|mere) (?:\w+ ){{0,3}}{_FALSE}\b",
        r"\x00[^;]{0,60}\b(?:untrue|unfounded|baseless|fabricat\w+|invention|invented|a hoax|a myth|no truth)\b",
        rf"\b(?:fake|forged|bogus|false|untrue|fabricated|invented|baseless|unfounded|misleading) {_near(6)}\x00",
        r"\b(?:not|never)(?: by| in| at| from| to| on)? (?:the |a |an )?\x00",
        r"\b(?:neither|least of all|far from|anyone but|anywhere but|anything but) (?:the |a |an )?\x00",
        r"(?:^|[,;] )no \x00",
        r"\b(?:nobody|no one|none|nothing|nowhere|not (?:one|a single|any)|no (?!fewer|less|more|later|longer|other|sooner|doubt)\w+) (?:of|from|at|in|by|to|with|links?) (?:the |a |an )?\x00",
        rf"\b(?:{_AUXILIARY} (?:not|never)|{_AUXILIARY}n['’]t|cannot|never|refus\w+ to|fail\w+ to|declin\w+ to|stopped short of) {_GOVERNED}",
        rf"\b(?:denie[sd]|deny|denying|denials?|dispute[sd]?|disputing|refut\w+|rul\w+ out|disprov\w+|debunk\w+|contradict\w*|quash\w*|scotch\w*|discount(?:s|ed|ing)|disown\w*|rubbish\w*|distanc\w+ (?:him|her|it|them)\w+ from) {_near(8)}\x00",
        rf"\b(?:dismiss\w+|reject\w+) (?:the |all |any )?(?:idea|claim|report|rumou?r|talk|suggestion|theory|notion|allegation|speculation)s?\b {_near(8)}\x00",
        rf"\b(?:no|little|not any|without|lack of) (?:evidence|proof|sign|indication|trace|hint|suggestion|question|truth|record)s?\b {_near(8)}\x00",
        rf"\bnothing (?:suggests|shows|indicates|points|proves|links|to suggest|to show)\b {_near(8)}\x00",
        r"\b(?:clear(?:s|ed)|exonerat\w+|acquit\w*|absolv\w+) (?:the |a )?\x00",
        rf"\b(?:false|falsely|wrong|wrongly|mistaken|mistakenly|untrue|a lie|a myth|a hoax) (?:that )?{_near(5)}\x00",
        rf"\b(?:not|n['’]t|never) (?:confirm|say|comment|true that)\b {_near(8)}\x00",
    ),
    "ended": (
        rf"\x00{_APPOSED}(?:['’]s)? {_HAS}{_GONE}",
        r"\x00['’]s? (?:[\w-]+ ){1,4}(?:in [\w ]+ )?(?:fell|ended|expired|lapsed|ran out|is over|was over|came to an end|was broken|was beaten|was cut short|collapsed|is history|closed|ran until)\b",
        rf"\b{_OLD} (?:[\w'’-]+ ){{0,5}}\x00",
        rf"\x00,? (?:the |its |their )(?:{_OLD}|then|past|previous|old|abandoned) ",
        r"\b(?:departure|resignation|dismissal|removal|death|sacking|end|fall|exit|retirement|closure|loss|ousting|demise|farewell|overthrow) (?:of|for|from) (?:\w+ ){0,4}\x00",
        r"\x00['’]s? (?:departure|resignation|dismissal|removal|death|sacking|exit|fall|retirement|closure|tenure|reign|era|term|time|demise|farewell|spell|stint|days|years)\b",
        rf"\b(?:sacked|fired|ousted|dismissed|removed|deposed|parted (?:company |ways )?with|dropped|left|lost|abandoned|quit|shed|gave up|axed|scrapped|stripped|bade farewell to|said (?:goodbye|farewell) to|drops?|leaves|ends?|ended|closed|shut|moved out of|moved away from|pulled out of|withdrew from|bid farewell to|turned its back on|cut ties with|split from|split with|let go|suspended|recalled) (?:as )?{_NO_TURN}{{0,3}}\x00",
        r"\b(?:until|till)\b[^,;]{0,40}\x00",
        r"\buntil (?:\d{4}|last|this|then|recently|now)\b",
        r"\x00(?!,? (?:who )?(?:[\w-]+ ){0,4}?(?:is|are|remains?|stays?|takes|becomes|serves|leads|runs|holds|acts|will)\b)[^;]{0,60}\buntil\b",
        r"\b(?:is|are|was|were) over\b",
        r"\bcame to an end\b",
        r"\bdr[ae]w\w* to a close\b",
        r"\x00[^;]{0,60}\bfrom \d{4} (?:to|until) \d{4}",
        rf"\b(?:used to|no longer|{_ONCE}|formerly|previously|at the time|in those days|back then|in the past|not any ?more|any ?more)\b",
        r"\b(?:vacated|left (?:empty|vacant|behind)|given up|abandoned) by (?:the )?\x00",
        r"\b(?:widow|widower|heirs?) of (?:the )?\x00",
        r"\x00[^,;]{0,60}\b(?:was not renewed|not (?:be )?extended|terminated|ran out|expired|lapsed|is history|a thing of the past|for the last time|last (?:day|show|match|broadcast|appearance))\b",
        r"\blost [^;]{0,40}, (?:the )?\x00",
        r"\bis gone\b",
        r"\bafter (?:[\w'’-]+ ){0,3}years (?:as|with|at|in)\b[^;]{0,40}\b(?:step|leav|quit|retir|resign|depart)",
        r"\x00[^;]{0,60}\b(?:served|held|ran|led|headed|hosted|owned|sponsored|chaired|governed|ruled)\b[^;]{0,60}\b(?:from \d{4} (?:to|until)|between \d{4} and|for (?:\w+ )?(?:years|decades|terms) (?:until|before)|in the (?:19|20)?\d0s)\b",
    ),
    "replaced": (
        r"\x00[^;]{0,50}\b(?:was|were|is|are|been|be|being) (?:\w+ )?(?:succeeded|replaced|superseded|renamed|supplanted|relieved|overtaken|unseated|surpassed|eclipsed|outdone|beaten|dethroned|displaced|swapped|exchanged|phased out|rebranded|rechristened)\b",
        r"\b(?:replac(?:e[sd]?|ing)|succeed(?:s|ed|ing)?|supplant\w*|supersed\w+|swap\w*|exchang\w+|renam(?:ed|es|ing)|unseat\w*|oust\w*|overt[ao]\w+|dethron\w+|reliev\w+|beat|beats|defeated|dropped|ditch\w*|dump\w*|discard\w*|abandon\w*|phas\w+ out|trad(?:e[sd]?|ing)(?: in)?|surpass\w*|eclips\w*|displac\w+|topples?|toppled) (?:(?!by\b|with\b)[\w'’-]+ ){0,4}\x00",
        r"\b(?:take[sn]?|took|taking|inherit\w*|bought|buys|acquir\w+|won|wins|snatch\w*|wrest\w*) (?:over )?(?:[\w'’-]+ ){0,7}from (?:(?!to\b|into\b)[\w'’-]+ ){0,3}\x00",
        r"\b(?:instead of|rather than|in place of|successor (?:of|to)|in for|ahead of|after|in favour of dropping|at the expense of) (?:[\w'’-]+ ){0,2}\x00(?! (?:was|became|took office))",
        r"\x00[^;]{0,40}\b(?:g[ai]v\w+|m[ao][dk]\w+|yield\w*) way\b",
        r"\x00[^;]{0,30}\byield\w* to\b",
        r"\x00[^;]{0,30}\b(?:hand(?:ed|s)|pass(?:ed|es)|ceded|lost) [^;]{0,40}\bto\b",
        r"\x00['’]s? (?:successor|replacement|place|stead|shoes|post|job|seat|role|old)\b",
        r"\b(?:switch\w*|mov\w+|chang\w+|turn\w*|migrat\w+|convert\w*|shift\w*|relocat\w+|transfer\w*|transition\w*|away) (?:[\w'’-]+ ){0,6}from (?:(?!to\b|into\b)[\w'’-]+ ){0,2}\x00",
        r"\bfrom (?:the |its )?\x00 (?:\w+ ){0,2}(?:to|into)\b",
        r"\bout go(?:es)? (?:the )?\x00",
        r"\bpredecessors?,? (?:the )?\x00",
        r"\bover (?:the )?\x00(?= (?:as|for)\b)",
        r"\x00[^;]{0,60}\b(?:in favour of|made room for|makes room for|now (?:called|known as|named|bears the name|goes by|trades as)|chang\w+ (?:its|his|her|their) name|preced\w+)\b",
        r"\b(?:knock\w*|push\w*|drove|driv\w+|edg\w+|forc\w+) (?:the )?\x00 (?:off|out|aside|from)\b",
        r"\b(?:formerly|previously|originally|once) (?:known as |called |named )?(?:the )?\x00",
    ),
    "supposed": (
        r"\b(?:might|could|would|(?<!nobody )may)\b(?! not\b) (?:(?!\bpaid\b)[^,;:\x00]){0,60}\x00",
        rf"\x00{_APPOSED} (?:itself |himself |herself |\w+ly )?(?:might|could|may|would)\b",
        rf"\b{_PERHAPS} {_near(6)}\x00",
        rf"\x00{_APPOSED} {_HAS}{_PERHAPS}\b",
        rf"\b{_SUPPOSE} {_near(9)}\x00",
        r"\b(?:if|whether|unless|had|were|should) (?:[\w'’-]+ ){0,3}\x00[^;]*,",
        r"\b(?:if|unless|had|were|should|with|without|but for|suppos(?:e|ing)|assuming|in the event|in case) [^;]{0,80}, [^;]{0,60}\b(?:would|could|might)\b",
        rf"\x00[^,;]{{0,60}}\b(?:would have|if|unless|{_BE} (?:\w+ )?(?:thought|believed|rumoured|suspected|said to|alleged|reported to|presumed|assumed|supposed|feared|likely|unlikely|accused|under suspicion))\b",
        r"\x00[^,;]{0,12}\b(?:feared|presumed|suspected|allegedly)\b",
        r"\bthe (?:alleged|suspected|presumed|supposed|purported|putative) (?:\w+ ){0,3}\x00",
        r"\b(?:in|for) (?:the |an? )(?:\w+ )?(?:simulation|exercise|drill|scenario|novel|film|thriller|satire|parody|thought experiment|model run|game)\b",
        r"\b(?:simulated|fictional|imaginary|hypothetical)\b",
    ),
    "planned": (
        rf"\x00{_APPOSED} (?:[\w'’-]+ ){{0,6}}{_BE} (?:\w+ ){{0,2}}{_IN_PLAN}\b",
        rf"\x00{_APPOSED} (?:\w+ )?(?:hopes?|hoped|wants?|wanted|plans?|planned|aims?|intends?|intended|bids?|has bid|applied|offered|will|shall|seeks?|is seeking|is bidding|promis\w+|pledg\w+|vow\w*|stands? for|runs? for|is going to)\b",
        r"\b(?:proposed|planned|nominated|would-be|prospective|future|intended|draft|designated|incoming|possible|potential|hopeful|aspiring|upcoming|forthcoming|next (?!to\b|door\b)|\w+-elect|\w+-designate|nominee|candidates?|favourites?|front-?runners?|contenders?)\b,? (?:\w+ ){0,5}\x00",
        r"\x00,? (?:the |a |an |one of the )?(?:\w+ ){0,3}(?:\w+-elect|\w+-designate|designate|nominees?|candidates?|hopefuls?|contenders?|favourites?|front-?runners?|challengers?)\b",
        rf"\b{_PLAN_VERBS}\b {_CLAUSE}",
        rf"\b{_BE} to (?!blame|date|thank)[a-z]+ {_CLAUSE}",
        rf"\b(?:going|set|about|poised|ready|preparing) to [a-z]+ {_CLAUSE}",
        rf"\b(?:will|shall)\b {_CLAUSE}",
        rf"\b{_AIMS} (?:to|for|of|that) {_CLAUSE}",
        rf"\b(?:set|fixed|announced|billed|booked|meant|intended|reserved|designed|foreseen|earmarked|pencilled in) for {_CLAUSE}",
        rf"\b(?:meant|supposed|intended|designed|promised|agreed|invited|asked|chosen|picked|selected) to {_CLAUSE}",
        r"\x00[^;]{0,60}\b(?:meant to|supposed to|intended to|invited to|asked to|groomed|touted|wooed|courted|talked of|in the wings|awaits|awaiting|hat into the ring|sights on|(?:its|his|her|their|an) eye on|dreams? of|letter of intent|negotiating|(?:has|have) agreed to|not yet|(?:has|have|had) yet to|still (?:has|have|needs?) to)\b",
        rf"^(?:under|according to|in|on) (?:[\w'’-]+ ){{0,4}}{_PLAN_NOUNS}\b[^;\x00]*\x00",
        rf"\b{_PLAN_NOUNS} (?:[\w'’-]+ ){{0,8}}(?:show|foresee|envisage|provide|call|set|put|include|contain|propose|would|speak|mention|name|list|specif(?:y|ie)|give|has|have)(?:s|d|ed)?\b{_CLAUSE}",
        rf"\x00[^;]{{0,60}}\b{_COMING}\b",
        rf"^(?:from |as of |starting |by )?{_COMING}\b[^;\x00]*\x00",
        rf"\x00[^;]{{0,40}}\b(?:takes? (?:over|office|up|the \w+)|starts?|begins?|becomes?|succeeds?|moves?|joins?|returns?|arrives?|comes? into force|applies)\b[^;]{{0,60}}\b(?:in|on|at|from) (?:the )?(?:{_MONTHS}|spring|summer|autumn|winter|new year|\w+day)\b",
        r"\x00[^;]{0,80}\b(?:once|provided|when|as soon as|subject to|pending|awaiting) [^;]{0,60}\b(?:approv\w+|agree\w*|pass(?:es|ed)|votes?|ratif\w+|signs?|completed|finished|built|permission|confirmation|consent)\b",
        r"\x00[^;]{0,60}\b(?:under|according to|in) (?:the |a |an )?(?:[\w'’-]+ ){0,3}(?:plans?|proposals?|drafts?|bill|scheme|blueprint)\b",
    ),
    "amended": (
        r"\b(?:from|of) (?:the |its |an? )?(?:(?:present|current|earlier|previous|old|initial) )?\x00 (?:\w+ ){0,2}to\b",
        r"\b(?:up|down|increas\w+|rais\w+|cut|lower\w*|reduc\w+|revis\w+|rose|fell|risen|fallen|went|extend\w+|shorten\w+|correct\w+|chang\w+|amend\w+|stretch\w+|mov\w+|adjust\w*|trim\w*|widen\w*|grow\w*|grew|shr[aiu]nk|climb\w*|drop\w*|jump\w*|slip\w*|doubl\w+|halv\w+|postpon\w+|shift\w*|brought forward|put back)\b[^;]{0,50}\bfrom (?:the |its |an? )?(?:(?!to\b|into\b)\w+ ){0,2}\x00",
        rf"(?<!the )\b(?:first|initially|originally|previously|earlier|{_ONCE}|wrongly|mistakenly|formerly|at first|until (?:now|then|recently))\b[^;]{{0,40}}\x00",
        r"\x00[^;]*\b(?:first|initially|originally) (?:given|put|reported|said|estimated|stated|announced|thought|planned|feared)\b",
        r"\b(?:restat\w+|struck out|scrapp\w+|abolish\w+|repeal\w+|withdr\w+|retract\w+|correct\w+|delet\w+|overrul\w+|amend\w+|abandon\w+|replac\w+|revis\w+|annul\w*|lift\w*|overturn\w*|do\w* away with) (?:(?!to\b)[\w'’-]+ ){0,4}\x00",
        r"\b(?:instead of|rather than|no longer|not|and not|as opposed to|against|compared (?:with|to)|versus|up on|down on|(?:more|fewer|less|higher|lower|later|earlier|longer|shorter) than the) (?:(?!until\b|till\b|before\b|only\b)[\w'’-]+ ){0,2}\x00",
        r"\x00[^;]{0,60}\b(?:has been|have been|was|were|is|are|had been|to be) (?:\w+ )?(?:rewritten|amended|repealed|revised|corrected|scrapped|abolished|overturned|retracted|superseded|replaced|changed|raised|lowered|extended|increased|reduced|cut|doubled|halved|shortened|lifted|withdrawn|annulled|postponed|moved)\b",
        r"\bhad (?:put|given|said|stated|reported|been)\b[^;]{0,30}\x00",
        r"\x00 (?:\w+ )?(?:an?|one|the) (?:year|month|week|quarter|decade|day) (?:earlier|ago|before)\b",
        r"\x00 (?:previously|beforehand|until now|so far|at first|initially|originally|in the (?:first|original|old|earlier) )",
        rf"\b(?:old|previous|earlier|initial|original|outdated|preliminary|provisional|former|first) (?:{_FIGURES}|\w+ {_FIGURES}|limit|record|term|period) (?:of |at |was |were |stood at |put at |gave |spoke of |mentioned )*(?:[\w'’-]+ ){{0,2}}\x00",
        r"\b(?:twice|double|triple|half|in place of) the (?:\w+ )?\x00",
        r"\x00[^;]{0,40}\b(?:before the|prior to)\b",
        r"\x00 (?:\w+ ){0,3}(?:became|becomes|has become|have become|turned into|grew to|rose to|fell to|shrank to|dropped to)\b",
        rf"\x00[^;]{{0,80}}\b(?:{_BE}|turned out|proved|proves|found|known|emerged) (?:to be |to have been |\w+ ){{0,2}}{_WRONG}\b",
    ),
}

"""What mail programs and people say around a message, in the languages of those who write to us."""

import re

SAID = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|escribio|ha scritto|scrisse|scrive|escreveu|schreef"
    r"|skrev|skrifaði|kirjoitti|napisał(?:\(a\)|a)?|пишет|написала?|писала?|írta|ezt írta|napsala?|yazdı)(?!\w)",
    re.IGNORECASE,
)
"""The verb by which a program introduces a quote."""

OPENED = re.compile(
    r"(?:on|am|le|el|il|op|em|den|d\.|dne|dňa|w dniu|dnia|in data|il giorno|no dia|em data|tarihinde)\s+\S",
    re.IGNORECASE,
)
"""The word by which such an introduction begins, before its date."""

OLD_BELOW = re.compile(
    r"""(?:begin\ )?(?:original|forwarded)\ (?:message|e-?mail)
    |begin\ forwarded\ message
    |(?:anfang\ der\ )?(?:ursprüngliche|original|weitergeleitete)n?[\ -]?(?:nachricht|e-?mail)
    |(?:début\ du\ )?message\ (?:d['’]origine|original|initial|transféré|réexpédié)
    |(?:inicio\ del\ )?mensaje\ (?:original|reenviado)
    |(?:inizio\ )?messaggio\ (?:originale|inoltrato)
    |(?:início\ da\ )?mensagem\ (?:original|encaminhada|reencaminhada)
    |(?:begin\ )?(?:oorspronkelijk|doorgestuurd)\ bericht
    |(?:oprindelig|videresendt)\ (?:besked|meddelelse|mail)
    |(?:opprinnelig|videresendt)\ melding
    |(?:ursprungligt|vidarebefordrat)\ meddelande
    |(?:alkuperäinen|välitetty)\ viesti
    |(?:oryginalna|pierwotna|przekazana)\ wiadomość|wiadomość\ (?:oryginalna|przekazana)
    |(?:исходное|пересылаемое|пересланное)\ (?:сообщение|письмо)
    |eredeti\ üzenet|původní\ zpráva""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a program writes above a message that it puts below without marks."""

_HEADERS = {
    "from": "from|von|de|van|da|fra|från|od|от|от кого|lähettäjä|mittente|expéditeur|remitente|afzender|absender"
    "|feladó",
    "sent": "sent|gesendet|envoyé|envoyé le|enviado|enviado el|enviado em|enviada em|enviada|inviato|verzonden|sendt"
    "|skickat|wysłano|отправлено|lähetetty|message du|elküldve|odesláno",
    "date": "date|datum|fecha|data|dato|päivämäärä|päiväys|дата|dátum",
    "to": "to|an|à|a|para|aan|til|till|do|кому|vastaanottaja|destinataire|destinatario|címzett|komu",
    "copy": "cc|bcc|kopie|copie à|copie|copia|cópia|kopia|kopi|kopio|копия|másolat",
    "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|тема|aihe|tárgy|předmět",
}
HEADERS = {name: kind for kind, names in _HEADERS.items() for name in names.split("|")}
"""The name of a mail's header, in small letters: what it is."""

CLOSING = re.compile(
    r"""(?:(?:many\ )?(?:thanks|thank\ you)(?:\ and|,|\ &)\ |(?:vielen\ dank|danke)\ und\ )?(?:
    (?:with\ )?(?:my\ )?(?:kind|best|warm|kindest|warmest|many)?\ ?(?:regards|wishes)
    |all\ the\ best|yours\ (?:sincerely|faithfully|truly)|yours|sincerely(?:\ yours)?|cheers|respectfully|cordially
    |(?:mit\ )?(?:freundlichen?|besten?|herzlichen?|lieben?|schönen?|vielen?|sonnigen?)\ (?:grü(?:ß|ss)en?|gru(?:ß|ss))
    |gru(?:ß|ss)|grü(?:ß|ss)e|mfg|lg|vg|hochachtungsvoll
    |(?:bien\ |très\ )?cordialement(?:\ vôtre)?|bien\ à\ (?:vous|toi)|amicalement|cdlt
    |(?:sincères\ |meilleures\ |cordiales\ )?salutations(?:\ distinguées)?
    |(?:un\ )?(?:cordial\ |atento\ )?saludos?(?:\ cordiale?s?)?|atentamente
    |(?:cordiali|distinti|migliori|un\ cordiale)\ salut[io]|saluti
    |atenciosamente|(?:com\ os\ )?(?:melhores\ )?cumprimentos|abraços?
    |(?:met\ )?(?:vriendelijke|hartelijke)\ groet(?:en)?|groet(?:en|jes)?|mvg
    |(?:med\ )?(?:venlig|vennlig|bedste|beste|de\ bedste)\ hilsen(?:er)?|hilsen|mvh
    |(?:med\ )?(?:vänliga?|bästa)\ hälsning(?:ar)?|hälsningar
    |(?:ystävällisin\ |parhain\ )?terveisin|ystävällisesti
    |(?:z\ )?(?:poważaniem|wyrazami\ szacunku)|pozdrawiam|pozdrowienia
    |с\ уважением|с\ наилучшими\ пожеланиями|всего\ (?:доброго|хорошего)
    |üdvözlettel|s\ pozdravem
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a letter is closed, above the name; without what stands around it on its line."""

THANKS = re.compile(
    r"(?:many thanks|thanks|thank you|vielen dank|danke|merci|gracias|grazie|obrigad[oa]|bedankt|dank|tak|takk|tack"
    r"|kiitos|dziękuję|спасибо)(?: \w{1,12}){0,3},",
    re.IGNORECASE,
)
"""A line of thanks that ends in a comma: a closing, where only a name is below."""

_SENT = (
    r"(?:sent (?:from|with|via|using)|gesendet (?:von|mit|über|aus)|envoyé (?:de|depuis|avec|par|à partir (?:de|d[’']))"
    r"|enviado (?:desde|do|da|de|pelo|con|com|a partir d[eo])|inviato (?:da|dal|con)|(?:verzonden|verstuurd)"
    r" (?:vanaf|met|via|van)|sendt (?:fra|med|via)|skickat från|lähetetty|wysłan[eoy] (?:z|ze|przez)|отправлено"
    r" (?:с|из|от|через)|odesláno z|küldve)(?: |(?<=[’']))"
)
_MY = r"(?:my|meinem|mon|ma|mi|mio|mijn|min|meu|moj\w+|моего)"
_THING = r"(?:phone|mobile?|handy|tablet|téléphone|portable|teléfono|móvil|telefono|cellulare|celular|telefon|телефон)"
_BRAND = (
    r"\[?(?:iphone|ipad|ipod|android|blackberry|samsung|galaxy|huawei|xiaomi|nokia|outlook|yahoo|gmail|smartphone"
    r"|proton|thunderbird|sparrow)"
)
_TAIL = (
    r"\w*(?:[’']\w+)?(?:[ -][^\s,.;:!?<(]+){0,5}[.!]?(?: ?[<(]\S+)?"
    r"(?:[.,;]? ?(?:please|pls|bitte|pardon|excuse|sorry|apologi[sz]e|apologies)\b.*)?"
)
_FOR = r"(?:for|für|pour|para|per|voor|til|för|dla|для)"
BY_PROGRAM = re.compile(
    rf"{_SENT}(?:(?:\w+ ){{0,3}}{_BRAND}|{_MY} (?:\w+ ){{0,2}}{_THING}){_TAIL}"
    rf"|(?:diese (?:nachricht|e-?mail) wurde )?von mein\w+ .{{1,60}} (?:gesendet|geschickt|verschickt)\.?"
    rf"|(?:get|holen sie sich|obtenez|obtener|télécharger|scarica|download|pobierz) {_BRAND} {_FOR} \S.{{0,200}}"
    r"|via mobile",
    re.IGNORECASE,
)
"""What a telephone or a mail program writes below the words of its owner."""

BY_UNKNOWN_PROGRAM = re.compile(
    rf"(?i:{_SENT})(?:[A-Z][^\s,.;:!?<(]*(?: [^\s,.;:!?<(]+){{0,3}}|(?:{_MY}|a)(?: [^\s,.;:!?<(]+){{1,5}})"
    r"(?: ?[<(]http\S+)?"
)
"""The same of a program or device that nobody listed; a sentence may look so, but seldom stands alone."""

"""Every sentence of the form's pages, in Swedish and English, in one place. What checks say is in surveys.messages."""

from collections.abc import Callable
from typing import Any, Final

from surveys.model import Language, Text

Words = Callable[..., str]

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # Every page
    "product": ("Lägesbild", "Lägesbild"),
    "skip": ("Hoppa till innehållet", "Skip to the content"),
    "demonstration": ("Demonstration: alla svar är påhittade.", "Demonstration: all answers are made up."),
    "other_language": ("In English", "På svenska"),
    "sign_out": ("Logga ut", "Sign out"),
    "all_surveys": ("Alla kartläggningar", "All mappings"),
    "accessibility": ("Tillgänglighetsredogörelse", "Accessibility statement"),
    "footer": (
        "Kartläggningar av psykisk hälsa, Sveriges Kommuner och Regioner. Det ni skickar in blir allmän handling.",
        "Mappings of mental health, the Swedish Association of Local Authorities and Regions. What you send "
        "becomes a public record.",
    ),
    "error_prefix": ("Fel: {title}", "Error: {title}"),
    # Signing in
    "signin_title": ("Logga in", "Sign in"),
    "signin_lead": (
        "Här svarar regioner, kommuner och mottagningar på de årliga kartläggningarna av psykisk hälsa.",
        "Regions, kommuner and clinics answer the yearly mappings of mental health here.",
    ),
    "signin_how": (
        "Öppna den personliga länken i inbjudan från SKR. Du kan också klistra in länken eller koden här.",
        "Open the personal link in the invitation from SKR. You can also paste the link or the code here.",
    ),
    "signin_code": ("Länk eller kod", "Link or code"),
    "signin_button": ("Logga in", "Sign in"),
    "signin_none": (
        "Har du ingen länk, eller fungerar den inte längre? Be SKR om en ny.",
        "No link, or does it no longer work? Ask SKR for a new one.",
    ),
    "code_missing": ("Klistra in länken eller koden.", "Paste the link or the code."),
    "code_wrong": (
        "Kontrollera länken: den gäller inte. Be SKR om en ny om den har spärrats eller blivit för gammal.",
        "Check the link: it is not valid. Ask SKR for a new one if it was ended or is too old.",
    ),
    # The start page
    "start_lead": ("Kartläggningar att svara på", "Mappings to answer"),
    "nothing_open": ("Just nu är ingen kartläggning öppen för er.", "No mapping is open to you right now."),
    "earlier_rounds": ("Avslutade kartläggningar", "Closed mappings"),
    "reference_period": ("Svaren gäller: {period}", "The answers are about: {period}"),
    "state_not_yet_open": ("Öppnar {opens}", "Opens on {opens}"),
    "state_open": ("Öppen till och med {due}", "Open until {due}"),
    "state_open_late": (
        "Sista dag var {due}. Svar tas emot till och med {closes}.",
        "It was due on {due}. Answers are received until {closes}.",
    ),
    "state_paused": ("Pausad av SKR", "Paused by SKR"),
    "state_closed": ("Stängd {closes}", "Closed on {closes}"),
    "status_not_sent": ("Inte skickad", "Not sent"),
    "status_draft": ("Utkast sparat {when}", "Draft saved {when}"),
    "status_sent": ("Skickad {when}", "Sent {when}"),
    "not_accepted_title": (
        "Ett inskickat svar kunde inte tas emot",
        "A response that was sent could not be accepted",
    ),
    "not_accepted_when": ("Det kom {when} och räknas inte.", "It came {when} and does not count."),
    "not_accepted_open": ("Öppna formuläret", "Open the form"),
    "not_accepted_more": (
        "Utöver det finns {count} tidigare svar som inte kunde tas emot.",
        "Besides it there are {count} earlier responses that could not be accepted.",
    ),
    "begin": ("Börja svara", "Begin to answer"),
    "go_on": ("Fortsätt svara", "Go on answering"),
    "correct": ("Se över eller rätta", "Review or correct"),
    "look": ("Se frågorna", "See the questions"),
    "receipts": ("Kvitton", "Receipts"),
    "receipt_link": ("Version {version}, {when}", "Version {version}, {when}"),
    "workbook": ("Svara i Excel", "Answer in Excel"),
    # Answering in Excel
    "workbook_title": ("Svara i Excel", "Answer in Excel"),
    "workbook_lead": (
        "Hämta filen, fyll i den i lugn och ro, och skicka in den här. Ni får samma kvitto som i webbformuläret.",
        "Fetch the file, fill it in at your own pace, and hand it in here. You get the same receipt as on the web.",
    ),
    "workbook_fetch_title": ("1. Hämta filen", "1. Fetch the file"),
    "workbook_fetch_lead": (
        "Den är gjord för er: där står det ni svarat hittills, och bredvid det ni svarade förra gången.",
        "It is made for you: it holds what you have answered so far, and beside it what you answered last time.",
    ),
    "workbook_fetch": ("Hämta Excelfilen", "Fetch the Excel file"),
    "workbook_send_title": ("2. Skicka in den ifyllda filen", "2. Hand in the filled file"),
    "workbook_file": ("Välj filen", "Choose the file"),
    "workbook_file_help": (
        "En fil som slutar på .xlsx. Inget skickas in förrän alla kontroller är klara.",
        "A file ending in .xlsx. Nothing is handed in until every check is done.",
    ),
    "workbook_missing": ("Välj den ifyllda Excelfilen först.", "Choose the filled Excel file first."),
    "workbook_send": ("Skicka in filen", "Hand in the file"),
    "workbook_not_sent": ("Filen är inte inskickad än", "The file is not handed in yet"),
    "workbook_again": (
        "Rätta eller förklara i filen, spara den och skicka in den igen.",
        "Correct or explain in the file, save it and hand it in again.",
    ),
    "cell": ("cell {cell}", "cell {cell}"),
    "cell_holds": ("Nu står det ”{value}”.", "It now says “{value}”."),
    # The form
    "required": ("obligatorisk", "required"),
    "sections": ("Avsnitt", "Sections"),
    "answered_of": ("{answered} av {total} besvarade", "{answered} of {total} answered"),
    "what_is_meant": ("Så menar vi", "What is meant"),
    "last_year": ("Förra gången ({year}):", "Last time ({year}):"),
    "only_if": ("Om {when}", "If {when}"),
    "no_personal_data": ("Skriv inga personuppgifter.", "Write no personal data."),
    "clear": ("Ta bort svaret", "Remove the answer"),
    "choose": ("Välj", "Choose"),
    "yes": ("Ja", "Yes"),
    "no": ("Nej", "No"),
    "dont_know": ("Vet ej", "Don't know"),
    "not_applicable": ("Ej tillämpligt", "Not applicable"),
    "K": ("Kvinnor", "Women"),
    "M": ("Män", "Men"),
    "T": ("Totalt", "Total"),
    "split_help": (
        "Fyll bara i totalt om fördelningen inte är känd.",
        "Fill in the total alone if the split is not known.",
    ),
    "use_sum": ("Använd summan {sum}", "Use the sum {sum}"),
    "date_help": ("Skriv som 2026-05-31.", "Write as 2026-05-31."),
    "mon": ("Måndag", "Monday"),
    "tue": ("Tisdag", "Tuesday"),
    "wed": ("Onsdag", "Wednesday"),
    "thu": ("Torsdag", "Thursday"),
    "fri": ("Fredag", "Friday"),
    "sat": ("Lördag", "Saturday"),
    "sun": ("Söndag", "Sunday"),
    "closed": ("Stängt", "Closed"),
    "24h": ("Dygnet runt", "Round the clock"),
    "hours": ("Från–till", "From–to"),
    "from_of": ("{day}, från", "{day}, from"),
    "to_of": ("{day}, till", "{day}, to"),
    "hours_help": (
        "Skriv tider som 08:00. En sluttid före starttiden är efter midnatt.",
        "Write times as 08:00. An end before the start is after midnight.",
    ),
    "copy_hours": ("Samma tider tisdag–fredag som måndag", "Same hours Tuesday–Friday as Monday"),
    "choose_all": ("Välj alla", "Choose all"),
    "choose_none": ("Välj ingen", "Choose none"),
    "row": ("Rad {number}", "Row {number}"),
    "new_row": ("Ny rad", "New row"),
    "row_empty": ("inget ifyllt än", "nothing filled in yet"),
    "rows_count": ("{count} rader", "{count} rows"),
    "one_row": ("1 rad", "1 row"),
    "no_rows": ("Inga rader än.", "No rows yet."),
    "add_row": ("Lägg till en rad", "Add a row"),
    "remove_row": ("Ta bort raden", "Remove the row"),
    "restore_row": ("Ångra: lägg tillbaka raden", "Undo: put the row back"),
    "row_removed": ("Raden är borttagen ur svaret.", "The row is removed from the answers."),
    "fetch_rows": ("Hämta raderna från {year} ({count})", "Fetch the rows from {year} ({count})"),
    "rows_fetched": (
        "{count} rader från förra gången är hämtade. Ändra det som är nytt.",
        "{count} rows from last time are fetched. Change what is new.",
    ),
    "rows_all_there": (
        "Alla rader från förra gången finns redan.",
        "All rows from last time are already there.",
    ),
    # Sending
    "send_title": ("Skicka", "Send"),
    "send_lead": (
        "Kontrollera svaret först om du vill. När du har skickat får ni ett kvitto, och kan rätta svaret senare.",
        "Check the answers first if you like. When you have sent you get a receipt, and can correct them later.",
    ),
    "time_told": (
        "Med svaret följer ungefär hur lång tid varje avsnitt tog, för er tillsammans och inte per person. Det visas "
        "bara som median för minst fem, och ska göra nästa kartläggning kortare.",
        "About how long each section took goes with the answers, for all of you together and not by person. It is "
        "shown only as a median of at least five, and is there to make the next mapping shorter.",
    ),
    "send": ("Skicka svaret", "Send the answers"),
    "send_correction": ("Skicka rättelsen", "Send the correction"),
    "check": ("Kontrollera", "Check"),
    "save": ("Spara utkast", "Save draft"),
    "sending": ("Skickar …", "Sending …"),
    "cannot_send": ("Det går inte att skicka nu: {why}", "Sending is not possible now: {why}"),
    "reason": ("Varför rättas svaret?", "Why are the answers corrected?"),
    "reason_optional": ("Frivilligt, men hjälper den som läser.", "Optional, but it helps whoever reads."),
    "reason_needed": (
        "Skriv kort varför svaret rättas. Det behövs när insamlingen är stängd.",
        "Say briefly why the answers are corrected. It is needed when the round is closed.",
    ),
    "correcting": (
        "Ni skickade svaret {when}. Ändra det som ska rättas och skicka igen. Det tidigare svaret sparas också.",
        "You sent the answers {when}. Change what is to be corrected and send again. The earlier answers are kept too.",
    ),
    "see_receipt": ("Se kvittot", "See the receipt"),
    "draft_resumed": ("Du fortsätter på utkastet från {when}.", "You go on with the draft from {when}."),
    "draft_saved": (
        "Utkastet är sparat {when}. Du kan fortsätta här eller på en annan dator.",
        "The draft is saved {when}. You can go on here or at another computer.",
    ),
    "draft_saved_short": ("Utkast sparat {when}", "Draft saved {when}"),
    "draft_saving": ("Sparar …", "Saving …"),
    "draft_not_saved": (
        "Utkastet kunde inte sparas. Det du skrivit finns kvar på sidan; vi försöker igen.",
        "The draft could not be saved. What you wrote is still on the page; we try again.",
    ),
    "draft_overtaken": (
        "Ett nyare utkast sparades {when} i ett annat fönster eller av en kollega. Ditt finns kvar på sidan men är "
        "inte sparat. Öppna sidan på nytt för att se det nyare, eller spara eller skicka igen för att använda ditt.",
        "A newer draft was saved {when} in another window or by a colleague. Yours is still on the page but not "
        "saved. Open the page anew to see the newer one, or save or send again to use yours.",
    ),
    "reload": ("Öppna det nyare utkastet", "Open the newer draft"),
    "signed_in_again": (
        "Du är inloggad igen och det du skrev finns kvar. Fortsätt eller skicka.",
        "You are signed in again and what you wrote is still here. Go on or send.",
    ),
    "already_sent": (
        "Ett svar är redan skickat från den här sidan. Det du skrev nu finns kvar: skicka igen för att rätta svaret.",
        "Answers were already sent from this page. What you wrote now is still here: send again to correct them.",
    ),
    "too_long": (
        "Korta förklaringarna och skälet till högst 4 000 tecken var, och skicka igen.",
        "Shorten the explanations and the reason to at most 4,000 characters each, and send again.",
    ),
    "log_away": (
        "Mottagningen svarar inte just nu. Inget har gått förlorat: allt du skrev finns kvar. Skicka igen om en stund.",
        "The receiving end does not answer right now. Nothing is lost: all you wrote is still here. "
        "Send again in a moment.",
    ),
    # What the checks found
    "summary_title": ("Se över svaret innan det skickas", "Look over the answers before they are sent"),
    "summary_hard": ("Behöver rättas ({count})", "Needs correcting ({count})"),
    "summary_soft": (
        "Behöver förklaras eller bekräftas ({count})",
        "Needs explaining or confirming ({count})",
    ),
    "hard": ("Rätta:", "Correct:"),
    "soft": ("Kontrollera:", "Check:"),
    "settled": ("Förklarat:", "Explained:"),
    "explain": ("Förklara eller bekräfta", "Explain or confirm"),
    "explain_help": (
        "Stämmer värdet räcker en kort förklaring. Skriv inga personuppgifter.",
        "If the value is right a short explanation is enough. Write no personal data.",
    ),
    "explain_elsewhere": ("Förklaras vid den första raden.", "Explained at the first row."),
    "all_well": (
        "Svaret går att skicka: kontrollen hittade inget att rätta.",
        "The answers can be sent: the check found nothing to correct.",
    ),
    "unanswered": (
        "{count} frågor är obesvarade. De är inte obligatoriska.",
        "{count} questions are unanswered. They are not required.",
    ),
    "aside_title": ("Svar som inte skickas med", "Answers that are not sent"),
    "aside": (
        "De här frågorna ställs inte med era övriga svar. Det ni skrev finns kvar på sidan men skickas inte:",
        "These questions are not asked, given your other answers. What you wrote is kept on the page but not sent:",
    ),
    "aside_sent": (
        "De här svaren skickades inte, eftersom frågorna inte ställs med era övriga svar:",
        "These answers were not sent, since the questions are not asked given your other answers:",
    ),
    "two_meanings": (
        "Skriv talet utan tusentalstecken eller med mellanrum: {value} kan betyda två olika tal.",
        "Write the number without a thousands sign or with a space: {value} may mean two different numbers.",
    ),
    "answer_and_reason": (
        "Välj antingen ett svar eller ett skäl till att svar saknas för ”{label}”, inte båda.",
        "Choose either an answer or one reason for having none for ”{label}”, not both.",
    ),
    # The receipt
    "receipt_title": ("Kvitto", "Receipt"),
    "receipt_thanks": ("Tack, svaret är mottaget.", "Thank you, the answers are received."),
    "receipt_keep": (
        "Kvittot visar vad som skickades. Skriv ut det eller spara det som PDF om det ska registreras.",
        "The receipt shows what was sent. Print it or save it as a PDF if it is to be registered.",
    ),
    "print": ("Skriv ut", "Print"),
    "who": ("Enhet", "Unit"),
    "what": ("Kartläggning", "Mapping"),
    "when": ("Mottaget (svensk tid)", "Received (Swedish time)"),
    "version": ("Version", "Version"),
    "late": ("Efter sista dag", "After the due date"),
    "corrects": ("Rättar", "Corrects"),
    "why": ("Skäl", "Reason"),
    "by_mode": ("Kom in genom", "Came by"),
    "mode_web": ("webbformuläret", "the web form"),
    "mode_api": ("API", "API"),
    "mode_excel": ("Excelfil", "Excel file"),
    "mode_file": ("fil", "file"),
    "mode_kafka": ("eget system (Kafka)", "own system (Kafka)"),
    "questions": ("Frågornas version", "Version of the questions"),
    "submission": ("Svarets nummer", "Number of the response"),
    "checksum": ("Kontrollsumma", "Checksum"),
    "answers": ("Svaren", "The answers"),
    "explanations": ("Förklaringar", "Explanations"),
    "back_to_form": ("Till formuläret", "To the form"),
    "back_to_start": ("Till alla kartläggningar", "To all mappings"),
    # When something is in the way
    "kept_title": ("Det du skrev finns kvar", "What you wrote is still here"),
    "kept_session": (
        "Du har varit inloggad länge och behöver logga in igen. Klistra in länken eller koden från inbjudan, "
        "så kommer du tillbaka till formuläret med allt du skrev.",
        "You have been signed in for long and need to sign in again. Paste the link or the code from the "
        "invitation, and you come back to the form with all that you wrote.",
    ),
    "kept_away": (
        "Systemet svarar inte just nu. Inget har gått förlorat. Vänta en stund och skicka igen; stäng inte sidan.",
        "The system does not answer right now. Nothing is lost. Wait a moment and send again; do not close the page.",
    ),
    "again": ("Skicka igen", "Send again"),
    "back_in": ("Logga in och fortsätt", "Sign in and go on"),
    "error_404": ("Sidan finns inte", "There is no such page"),
    "error_403": ("Sidan är inte er", "The page is not yours"),
    "not_yours": (
        "Sidan hör till {unit}, och du är inloggad som {own}. Gå tillbaka till era egna kartläggningar, eller logga ut "
        "och öppna länken för {unit}.",
        "The page belongs to {unit}, and you are signed in as {own}. Go back to your own mappings, or sign out and "
        "open the link of {unit}.",
    ),
    "error_409": ("Det går inte just nu", "Not possible right now"),
    "error_401": ("Logga in", "Sign in"),
    "error_503": ("Systemet svarar inte", "The system does not answer"),
    "error_413": ("För mycket på en gång", "Too much at once"),
    "error_other": ("Något gick fel", "Something went wrong"),
    "help_404": (
        "Kontrollera adressen, eller börja om från startsidan.",
        "Check the address, or begin again at the start page.",
    ),
    # Accessibility
    "a11y_lead": (
        "Det här formuläret ska kunna användas av alla. Vi siktar på WCAG 2.2, nivå AA.",
        "Everybody is to be able to use this form. We aim at WCAG 2.2, level AA.",
    ),
    "a11y_how_title": ("Så har vi provat", "How we have tested"),
    "a11y_how": (
        "Inloggning, startsida, formulär, formulär med fel och kvitto provas automatiskt med axe i dator- och "
        "telefonbredd, med bara tangentbord och utan JavaScript, varje gång programmet ändras.",
        "Signing in, start page, form, form with errors and receipt are tested automatically with axe at desktop and "
        "phone width, with the keyboard alone and without JavaScript, each time the program changes.",
    ),
    "a11y_known_title": ("Kända brister", "Known shortcomings"),
    "a11y_known": (
        "Formuläret har ännu inte granskats av utomstående eller provats med personer som använder hjälpmedel. "
        "Listor med flera hundra rader kan vara tröga att gå igenom med skärmläsare; då kan Excelfilen vara lättare.",
        "The form has not yet been examined by outsiders or tested with people who use assistive technology. Lists "
        "of several hundred rows can be slow to go through with a screen reader; the Excel file may then be easier.",
    ),
    "a11y_tell_title": ("Säg till om något inte fungerar", "Tell us if something does not work"),
    "a11y_tell": (
        "Svara på inbjudan från SKR och berätta vad som hindrar. Ni kan alltid få lämna svaret på ett annat sätt. "
        "Tillsyn har Myndigheten för digital förvaltning.",
        "Reply to the invitation from SKR and say what is in the way. You can always answer in another way. "
        "The Agency for Digital Government (Digg) supervises.",
    ),
}


def words(language: Language) -> Words:
    """What gives a sentence, by its key, in that language, its {facts} filled in."""

    def word(key: str, **facts: Any) -> str:
        return TEXTS[key][0 if language == "sv" else 1].format_map(facts)

    return word


def text_of(key: str, **facts: Any) -> Text:
    """A sentence in both languages; a fact is a Text or is taken as it stands."""
    in_each = {
        language: words(language)(
            key, **{k: v.in_language(language) if isinstance(v, Text) else v for k, v in facts.items()}
        )
        for language in ("sv", "en")
    }
    return Text(**in_each)

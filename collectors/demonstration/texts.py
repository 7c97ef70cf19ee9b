"""What the made-up respondents write, in Swedish as they would."""

RESIDENTS_COUNTED_ANEW = (
    "Patienter som bor i andra regioner hade räknats som bosatta i regionen. Uppgiften är rättad efter en genomgång "
    "mot folkbokföringen."
)
HIRED_CORRECTED = "Inhyrd personal var redovisad per månad. Nu anges årets medelvärde."
PSYCHIATRY_COMMENTS = (
    "Nytt journalsystem infördes under året, vilket kan ha påverkat registreringen av besök.",
    "Mottagningar i privat regi ingår i uppgifterna.",
    "Första linjen ingår inte i uppgifterna om BUP.",
    "Distansbesök har registrerats enhetligt först under andra halvåret.",
    "En omorganisation har flyttat personal mellan vuxenpsykiatri och beroendevård.",
    "Vårdplatserna har varit färre under sommaren; medelvärdet gäller hela året.",
)
COORDINATOR_CORRECTED = "Samordnarens tid var angiven för två personer. Nu anges den för uppdraget som helhet."
WORKS_WITHOUT_PLAN = "Arbetet styrs av kommunens folkhälsoprogram. En särskild plan saknas."
REGION_PLAN_COMMENT = "Planen tas fram tillsammans med länets kommuner."
LINK = "https://www.example.org/kommun-{}/suicidprevention"
KOMMUN_COMMENTS = (
    "Planen är en del av folkhälsoprogrammet.",
    "Länets gemensamma plan används tills vår egen är beslutad.",
    "Arbetet samordnas av folkhälsostrategen tillsammans med räddningstjänsten.",
    "Ett nytt beslut väntas under våren.",
    "Vi har utbildat personal i skola och socialtjänst i första hjälpen till psykisk hälsa.",
    "Handlingsplanen följs upp i det lokala BRÅ.",
)
VISITS_OF_TWO = "Besöken gällde två mottagningar tillsammans. Nu anges bara våra egna."
CLINIC_COMMENTS = (
    "Vi har varit utan psykolog under en del av året.",
    "Mottagningen delar barnmorska med grannkommunen.",
    "Många besök rör både sexuell och psykisk hälsa och är svåra att skilja åt.",
    "Samverkan med elevhälsan är under uppbyggnad.",
    "Väntetiden varierar mycket mellan termin och lov.",
)
UPDATES = (
    "Uppdragen är räknade på nytt: två månader saknades.",
    "Uppdaterade svar efter avstämning med ambulanssjukvården.",
    "Svaren är uppdaterade inför den nya versionen av presentationen.",
)
UPDATED_PLANS = "Utvidgade tider från årsskiftet och fortsatt samverkan med larmcentralen."
FREQUENT_CALLERS = (
    "Gemensam vårdplan med larmcentral, ambulans och psykiatri, uppföljd varje månad.",
    "Larmcentralen kontaktar det mobila teamet, som ringer upp inom ett dygn.",
    "Samordnare i psykiatrin kallar till möte enligt samordnad individuell plan.",
)
PREHOSPITAL_PLANS = (
    "Utökade öppettider kvällar och helger.",
    "Utbildning i suicidriskbedömning för all ambulanspersonal.",
    "Videostöd från psykiatrisk mottagning till ambulans införs.",
    "Fler kommuner ska täckas av det mobila teamet.",
    "Utvärdering av verksamheten tillsammans med polisen.",
    "Rekrytering av specialistsjuksköterskor i psykiatrisk vård.",
)
PREHOSPITAL_EXAMPLES = (
    "Gemensam utbildningsdag för ambulans, polis och psykiatri två gånger om året.",
    "Direktnummer till bakjour i psykiatri minskar onödiga transporter till akuten.",
    "Det mobila teamet följer upp alla som inte följde med till sjukhus.",
)
OFFERED_ALREADY = "Program som angetts som planerade erbjöds redan. Status och startår är rättade."
STRATEGIES = (
    "Program införs verksamhet för verksamhet, med utbildning av behandlare och uppföljning efter ett halvår.",
    "Regionens gemensamma förvaltning stödjer primärvården först och specialistvården därefter.",
    "Digitalt först: nya program prövas på en vårdcentral innan de breddas.",
)
SEMINAR = ("Hur andra fått behandlare att börja använda program.", "Avtal och delning av program mellan regioner.",
           "Uppföljning och resultat.", "Tillgänglighet och språk.")  # fmt: skip
SAME_PROGRAMME = "Samma program under två namn."
ROUND_ENDED = "Insamlingen är avslutad. Rättelser tas emot."
EXPLANATIONS = (
    "Uppgiften är kontrollerad och stämmer.",
    "En avdelning var stängd under delar av året.",
    "Skillnaden beror på en omorganisation.",
    "Registreringen har ändrats sedan förra året.",
)
CHECK_EXPLANATIONS = {
    "giltig_plan_passerad": "Planen gäller tills en ny har antagits.",
    "driver_utan_plan": "Arbetet styrs av folkhälsoprogrammet.",
    "startar_nar_erbjuds": "Startåret är inte känt: programmet togs över från en annan förvaltning.",
    "vantetid_lang": "Vi var utan kurator under hela våren.",
    "alder_fran.in_set": "Mottagningen vänder sig till gymnasieungdomar.",
}
LABEL = """DEMONSTRATION

Alla svar i den här mappen är påhittade. Regioner, kommuner och invånartal är verkliga; ungdomsmottagningarna är
fiktiva. Riksvärdena är avpassade så att publicerade siffror går att räkna fram ur svaren.

All answers in this folder are fictitious. Regions, kommuner and population are real; the youth clinics are not.
The national values are fitted so that published figures can be computed from the answers.
"""

//! The words that name a level, and those next to which they name something else.

use super::level::Level;

/// Words that name a level.
pub(super) struct Mark {
    pub(super) level: Level,
    pub(super) place: Where,
    /// Phrases of lower-case words, separated by bars.
    pub(super) phrases: &'static str,
    /// Words directly after the phrase with which it does not name a level. For a manager and
    /// above, anywhere after it: `Responsable technique de compte`.
    pub(super) not_before: &'static str,
    /// Words directly before the phrase with which it does not name a level.
    pub(super) not_after: &'static str,
}

/// The place in a part of the title that a mark must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Anywhere,
    /// Anywhere, unless the part ends with the role of those who look after beginners.
    Entry,
    /// Nothing but levels are in the part, and it does not continue the part before it.
    Alone,
    /// Only levels are before it. In a later part of the title, a role is at the end; a mark of
    /// those who lead needs none.
    Begins,
    /// It is the end of a part that has other words.
    Ends,
    /// Before `Senior` or `to Senior`.
    BeforeSenior,
    /// Before a role, or alone.
    OfRole,
    /// At the beginning of a part that ends with a role, or alone.
    BeforeRole,
}

impl Mark {
    const fn new(level: Level, place: Where, phrases: &'static str) -> Self {
        Self {
            level,
            place,
            phrases,
            not_before: "",
            not_after: "",
        }
    }

    const fn not_before(self, not_before: &'static str) -> Self {
        Self { not_before, ..self }
    }

    const fn not_after(self, not_after: &'static str) -> Self {
        Self { not_after, ..self }
    }
}

pub(super) const MARKS: &[Mark] = &[
    Mark::new(
        Level::Intern,
        Where::Entry,
        "intern|interns|internship|internships|praktikant|praktikantin|praktikanten|praktikum|\
         pflichtpraktikum|stagiaire|stagiaires|stagiair|stagista|tirocinio|tirocinante|becario|becaria|prácticas|\
         practicas|estágio|estagio|estagiário|estagiária|estagiario|estagiaria|stażysta|stażystka|staż|praktykant|\
         praktykantka|praktikplats|engineer co op|engineering co op|developer co op|summer co op|fall co op|\
         winter co op|spring co op|student co op",
    )
    // Dutch, Swedish, German and French for "internal".
    .not_before("transport|logistik|logistiek|kommunikation|communicatie|revision|controle|audit|verkoop|service")
    .not_after("medewerker|adviseur|mitarbeiter"),
    Mark::new(Level::Intern, Where::Alone, "stage|offre de stage"),
    Mark::new(
        Level::Intern,
        Where::Begins,
        "stage en|stage de|stage pfe|stage assistant|stage ingénieur|stage développeur|offre de stage",
    ),
    Mark::new(
        Level::Junior,
        Where::Entry,
        "junior|jr|júnior|entry level|new grad|new grads|new graduate|new college grad|new college graduate|graduate level|university grad|university graduate|\
         early career|berufseinsteiger|berufseinsteigerin|absolvent|absolventin|débutant|débutante|jeune diplômé|\
         jeune diplômée|młodszy|młodsza",
    )
    .not_before("high|school|college|kindergarten|achievement|league|suite|partner|enterprise"),
    Mark::new(Level::Junior, Where::BeforeRole, "graduate")
        .not_before("recruiter|recruitment|recruiting|school|admissions|studies|education|student|students|research|teaching|program|programme"),
    Mark::new(
        Level::Mid,
        Where::Anywhere,
        "mid level|midlevel|medior|pleno|semi senior|semi sr|semisenior|ssr",
    ),
    Mark::new(Level::Mid, Where::BeforeSenior, "mid|middle"),
    Mark::new(Level::Mid, Where::BeforeRole, "mid|middle|intermediate")
        .not_before("market|east|eastern|atlantic|west|career|cap|size|sized|enterprise|office|school|mile|term|stage|funnel|management"),
    Mark::new(
        Level::Senior,
        Where::Anywhere,
        "senior|sr|snr|sénior|sênior|seniorin|starszy|starsza",
    )
    .not_before("living|care|leadership|leader|leaders|citizen|citizens|housing|services|center|centre|home|homes|adults|hires|helpers|executives")
    .not_after("semi"),
    Mark::new(Level::Staff, Where::OfRole, "staff").not_before(
        "accountant|accounting|nurse|nursing|attorney|writer|auditor|pharmacist|assistant|counsel|physician|\
         therapist|technologist|photographer|reporter|officer|sergeant|training|member|members|augmentation|\
         physiotherapist|psychologist|associate|tax|rn|veterinarian|chaplain|house|dentist|dietitian|optometrist|\
         chemist|geologist|appraiser|development|engagement|relations|only|wanted|needed|management",
    ),
    Mark::new(Level::Principal, Where::OfRole, "principal")
        .not_before("investigator|associate|agent|dancer|caller|trombone|cello|viola|flute|teacher"),
    Mark::new(Level::Principal, Where::Anywhere, "principal member of technical staff"),
    Mark::new(Level::Lead, Where::OfRole, "lead").not_before(
        "generation|gen|gens|qualification|management|nurture|nurturing|scoring|conversion|sourcing|intake|handling|\
         acquisition|paint|abatement|hazard|poisoning|magnet|to|capture|response|routing|time|times|free|development|the|our|your|a",
    ),
    Mark::new(Level::Lead, Where::Ends, "lead"),
    Mark::new(
        Level::Lead,
        Where::Anywhere,
        "tech lead|technical lead|techlead|team lead|teamlead|teamleader|team leader|squad lead|squad leader|\
         shift lead|shift leader|crew leader|group leader|teamleiter|teamleiterin|teamleitung|gruppenleiter|\
         gruppenleiterin|gruppenleitung|schichtleiter|schichtleiterin|schichtleitung|chef d'équipe|\
         cheffe d'équipe|responsable d'équipe|líder técnico|lider técnico|líder de equipo|teamleider|teamledare|\
         gruppledare|lider zespołu",
    ),
    Mark::new(Level::Manager, Where::Alone, "manager"),
    Mark::new(Level::Manager, Where::Begins, "manager of"),
    Mark::new(
        Level::Manager,
        Where::Anywhere,
        "engineering manager|software development manager|data science manager|team manager|general manager|\
         store manager|branch manager|plant manager|restaurant manager|people manager|department manager|\
         senior manager|sr manager|abteilungsleiter|abteilungsleiterin|abteilungsleitung|bereichsleiter|\
         bereichsleiterin|bereichsleitung|filialleiter|filialleiterin|filialleitung|standortleiter|regionalleiter|\
         standortleiterin|standortleitung|werksleiter|werksleiterin|werksleitung|betriebsleiter|betriebsleiterin|\
         betriebsleitung|chef de service|cheffe de service|chef de département|afdelingshoofd|afdelingsmanager|\
         avdelningschef|enhetschef|gruppchef|teamchef|sektionschef",
    )
    .not_before("training|trainee"),
    Mark::new(Level::Manager, Where::Begins, "leiter|leiterin|leitung|hoofd"),
    Mark::new(Level::Manager, Where::Begins, "responsable|responsabile|jefe|jefa|gerente|kierownik|kierowniczka")
        .not_before(
            "adjoint|compte|comptes|clientèle|client|clients|projet|projets|produit|produits|secteur|grands|cuenta|\
             cuentas|cliente|clientes|proyecto|proyectos|producto|productos|obra|turno|cocina|sala|partida|contas|\
             projeto|projetos|produto|produtos|commessa|progetto|progetti|prodotto|clienti|projektu|projektów|budowy|\
             robót",
        ),
    Mark::new(
        Level::Director,
        Where::Begins,
        "director|directora|directeur|directrice|direttore|direttrice|diretor|diretora|dyrektor|direktor|direktorin|\
         direktör",
    )
    .not_before(
        "artistique|artístico|artistico|creativo|projet|projets|clientèle|magasin|cuentas|arte|comptes|photography|\
         first",
    ),
    Mark::new(Level::Director, Where::Ends, "director|directora|directeur|directrice|direktor|direktorin")
        .not_after(
            "art|creative|account|funeral|film|music|casting|stage|photography|video|theatre|theater|choir|artistic|\
             musical",
        ),
    Mark::new(
        Level::Director,
        Where::Anywhere,
        "head of|executive director|senior director|sr director|associate director|area director|regional director|\
         director of|engineering director|sales director|finance director",
    )
    .not_before("photography|first|household|school"),
    Mark::new(Level::Director, Where::Alone, "head"),
    Mark::new(
        Level::Executive,
        Where::Anywhere,
        "vice president|vp|svp|evp|managing director|geschäftsführer|geschäftsführerin|directeur général|\
         directrice générale|director general|directora general|direttore generale|diretor geral|\
         fractional cto|fractional cfo|interim cto|interim cfo|interim ceo|technical co founder",
    ),
    Mark::new(
        Level::Executive,
        Where::Alone,
        "ceo|cto|cfo|coo|cio|ciso|cmo|cpo|cro|cdo|chro|pdg|co founder|cofounder|vorstand|geschäftsführung",
    ),
];

/// Roles that assist those whose level the title names.
pub(super) const ASSISTANTS: &[&str] = &[
    "assistant",
    "assistants",
    "assistenz",
    "assistent",
    "assistentin",
    "assistante",
    "asistente",
    "assistente",
    "referent",
    "referentin",
    "secretary",
    "sekretär",
    "sekretärin",
    "secrétaire",
    "sekreterare",
    "asystent",
    "ea",
    "pa",
    "coach",
];

/// Words of a title that names an executive, but seeks another person.
pub(super) const NOT_EXECUTIVE: &[&str] = &[
    "office",
    "field",
    "staff",
    "associate",
    "avp",
    "büro",
    "virtual",
];

/// Words of a title in which a principal leads a school.
pub(super) const SCHOOLS: &[&str] = &[
    "school",
    "elementary",
    "academy",
    "primary",
    "secondary",
    "college",
    "kindergarten",
    "preschool",
];

/// Words before a level that take it back.
pub(super) const DEPUTIES: &[&str] = &[
    "assistant",
    "deputy",
    "stellvertretende",
    "stellvertretender",
    "stellv",
    "stv",
    "adjoint",
    "adjointe",
    "vice",
    "to",
    "trainee",
];

/// Words after which a title names whom the position serves, or with whom it works.
pub(super) const PREPOSITIONS: &[&str] = &[
    "to",
    "bis",
    "for",
    "für",
    "pour",
    "para",
    "per",
    "supporting",
    "reporting",
    "with",
    "mit",
];

/// The roles of those who look after beginners.
pub(super) const PROGRAM_ROLES: &[&str] = &[
    "recruiter",
    "recruiting",
    "recruitment",
    "sourcer",
    "coordinator",
    "koordinator",
    "koordinatorin",
    "supervisor",
    "advisor",
    "programs",
    "acquisition",
    "relations",
];

/// Words for a person who looks after beginners: `Internship Program Manager`.
pub(super) const PROJECTS: &[&str] = &[
    "program",
    "programme",
    "programs",
    "talent",
    "recruiting",
    "campus",
];

/// Roles before which `Staff`, `Principal` and `Lead` name a level in any place of a title.
pub(super) const STAFF_ROLES: &[&str] = &[
    "engineer",
    "engineers",
    "developer",
    "developers",
    "designer",
    "scientist",
    "architect",
    "researcher",
    "sre",
    "software",
];

/// Roles at the end of a part.
pub(super) const ROLES: &[&str] = &[
    "engineer",
    "engineers",
    "developer",
    "developers",
    "designer",
    "scientist",
    "architect",
    "analyst",
    "manager",
    "consultant",
    "specialist",
    "recruiter",
    "researcher",
    "programmer",
    "administrator",
    "entwickler",
    "berater",
    "ingenieur",
    "ingénieur",
    "développeur",
    "desarrollador",
    "accountant",
    "counsel",
    "representative",
    "executive",
    "technician",
    "sre",
    "writer",
    "lead",
    "director",
    "strategist",
    "partner",
    "advisor",
    "associate",
    "officer",
    "coordinator",
    "tester",
    "intern",
];

/// Words of scripts without spaces.
pub(super) const SCRIPTS: [(&str, Level); 10] = [
    ("시니어", Level::Senior),
    ("주니어", Level::Junior),
    ("인턴", Level::Intern),
    ("シニア", Level::Senior),
    ("ジュニア", Level::Junior),
    ("インターン", Level::Intern),
    ("高级", Level::Senior),
    ("资深", Level::Senior),
    ("实习", Level::Intern),
    ("實習", Level::Intern),
];

//! The phrases that count views, applicants, and the days since or until something that happens to
//! the posting: one table per language, written as `notation` defines.
//!
//! A phrase names the thing that is counted. "5 days per week", "30 days of holiday" and "founded 5
//! years ago" are facts of the job and not in the tables. A short phrase, such as "20 applicants",
//! is a counter only where it stands alone.
//!
//! All languages share `{n}` (a number such as `17`, `1,234`, `1.2k` or `30+`), `{year}` (four
//! digits), `{d.m.y}` (a date with dots), `{is}` (a colon, a bar or the end of the line, between a
//! name and its value), `{word}` (any word), and the names in [`SHARED`]. Each language defines
//! `{over}`, its words for about, `{short}`, its spans of up to some weeks, `{long}`, those of months
//! and years, and `{day}`, its words for today and yesterday.
//!
//! An employment ends as well, but after months: "ends in" is a counter only before a short span.

use super::notation::Names;

/// The phrases of one language.
pub(super) struct Language {
    /// The definitions of `{over}`, `{short}`, `{long}`, `{day}`, and names of its own.
    pub(super) names: Names<'static>,
    /// The phrases that are counters wherever they are.
    pub(super) anywhere: &'static [&'static str],
    /// The phrases that are counters if no word is directly before or after them on their line.
    pub(super) alone: &'static [&'static str],
}

pub(super) const LANGUAGES: [Language; 7] =
    [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, POLISH];

/// The phrases that every language may use.
pub(super) const SHARED: Names<'static> = &[
    // A span of any length.
    ("{any}", &["[{over}] {short}|{long}"]),
    // A day or a span, not as a date.
    ("{today}", &["{day} [{at}]"]),
    (
        "{date}",
        &[
            "{d.m.y}|{n}_-_{n}_-_{n}|{n}_/_{n}_/_{n} [{at}]",
            "{n} [.|st|nd|rd|th|de] {word} [.|,|de] {year} [{at}]",
            "{word} {n} [st|nd|rd|th] [,] {year} [{at}]",
        ],
    ),
    // A time of day.
    (
        "{at}",
        &[
            "[,|t|at|um|à|a_las|alle|om|o|o_godz.] {n} :|h {n} [:_{n}] [am|pm|uhr|h|z|utc|gmt|cet|cest|est|edt|pst|pdt]",
        ],
    ),
];

const ENGLISH: Language = Language {
    names: &[
        (
            "{over}",
            &["over|more_than|about|around|nearly|almost|less_than|fewer_than"],
        ),
        (
            "{posted}",
            &[
                "[last|date] posted|re-posted|reposted|published|updated|modified|refreshed|edited|added|listed|generated",
                "[last] advertised|active",
            ],
        ),
        (
            "{short}",
            &[
                "{n}|a|an|one|a_few second|seconds|sec|secs|minute|minutes|min|mins|hour|hours|hr|hrs|day|days|week|weeks",
                "{n} h|d|w",
            ],
        ),
        (
            "{long}",
            &["{n}|a|one month|months|mo|mos|year|years|yr|yrs"],
        ),
        ("{day}", &["today|yesterday|just_now|moments_ago"]),
        (
            "{people}",
            &["people|persons|users|candidates|visitors|applicants|job_seekers|jobseekers"],
        ),
        (
            "{posting}",
            &[
                "job|posting|position|role|vacancy|listing|ad|advert|offer|application|applications|period",
            ],
        ),
    ],
    anywhere: &[
        "{posted} [on|at|since] [:] {date}|{today}|{any}_ago",
        "{today} posted|published|updated|added",
        "online for|since {any}",
        "[{over}] {short} ago",
        "{any} left|remaining to apply",
        "{posting} ends|end in_{short}|today|tomorrow",
        "{posting} closes|close|expires|expire in_{any}|today|tomorrow",
        "closes|closing|expires|expiring in_{short}|today|tomorrow",
        "[{over}] {n} times viewed|seen|visited|clicked|read|opened",
        "viewed|seen|visited|clicked|read|opened [{over}] {n} time|times",
        "viewed|seen|visited by [{over}] {n} [{people}]",
        "[{over}] {n} {people} [have|has|are] [already] viewed|viewing|seen|visited|saved|bookmarked",
        "[{over}] {n} {people} [have|has] [already] applied|clicked_apply",
        "be among|one_of the first {n} applicants|candidates|people [to_apply]",
        "be an early applicant",
        "[{over}] {n} application|applications [have_been|has_been|were|already] received|submitted|so_far",
        "[{over}] {n} applicant|applicants so_far|already|to_date|for_this_job|for_this_role|for_this_position",
    ],
    alone: &[
        "{today}|new|{any}_ago",
        "{any} left|remaining",
        "ends in {short}",
        "closes|expires in {any}",
        "[number_of|no._of] [page|job] view|views|clicks|visits|visitors|applicants|applications [received|so_far] {is} [{over}] {n}",
        "[{over}] {n} [page|job] view|views|click|clicks|visit|visits|visitors|impressions|applicant|applicants|application|applications",
    ],
};

const GERMAN: Language = Language {
    names: &[
        ("{over}", &["über|mehr_als|rund|etwa|ca.|fast|weniger_als"]),
        (
            "{posted}",
            &[
                "[zuletzt|neu] veröffentlicht|online|eingestellt|aktualisiert|geändert|hinzugefügt|erschienen|inseriert|ausgeschrieben",
                "[letzte] aktualisierung|änderung",
                "veröffentlichung|veröffentlichungsdatum",
            ],
        ),
        ("{since}", &["vor|seit {any}", "{today}"]),
        (
            "{short}",
            &[
                "{n}|ein|eine|einem|einen|einer|wenigen|ein_paar sekunde|sekunden|minute|minuten|min.|stunde|stunden|std.|tag|tage|tagen|woche|wochen",
            ],
        ),
        (
            "{long}",
            &["{n}|ein|einem|einen monat|monate|monaten|jahr|jahre|jahren"],
        ),
        ("{day}", &["heute|gestern|vorgestern|soeben|gerade_eben"]),
        (
            "{people}",
            &["personen|nutzer|menschen|besucher|interessenten|kandidaten|bewerber"],
        ),
        (
            "{applicants}",
            &[
                "bewerber|bewerbern|bewerberinnen|bewerber:innen|bewerber*innen|bewerber/innen|bewerber/-innen|bewerbende|bewerbenden|bewerbung|bewerbungen",
            ],
        ),
        (
            "{posting}",
            &[
                "stelle|anzeige|stellenanzeige|ausschreibung|seite|angebot|inserat|bewerbungsfrist|bewerbungsphase",
            ],
        ),
        (
            "{views}",
            &[
                "aufruf|aufrufe|ansicht|ansichten|klick|klicks|seitenaufrufe|besuch|besuche|besucher",
            ],
        ),
    ],
    anywhere: &[
        "{posted} [am|seit] [:] [am] {date}|{since}",
        "{since} [neu] veröffentlicht|online|eingestellt|aktualisiert|hinzugefügt|erschienen|inseriert|ausgeschrieben",
        "am {date} veröffentlicht|eingestellt|aktualisiert",
        "vor [{over}] {short}",
        "noch {any} online|gültig|verfügbar|aktiv|offen|zeit|bis_zum_bewerbungsschluss|bis_bewerbungsschluss",
        "{posting} endet|läuft in_{short}|heute|morgen [ab]",
        "{posting} schließt in_{any}|heute|morgen",
        "{n} x|mal angesehen|gesehen|aufgerufen|gelesen|angeklickt|besucht",
        "[{over}] {n} {people} haben diese|die|dieses|das {posting} [bereits|schon] angesehen|gesehen|aufgerufen|gemerkt|gespeichert",
        "[{over}] {n} {people} haben sich [bereits|schon] beworben",
        "zu|unter|einer|eine den|der ersten {n} {applicants}|kandidaten|personen",
        "bereits|schon|bisher|derzeit|aktuell [{over}] {n} {applicants}",
        "[{over}] {n} bewerbungen eingegangen|erhalten",
    ],
    alone: &[
        "{today}|neu|vor_{any}",
        "[nur] noch {any}",
        "endet|läuft in {short} [ab]",
        "schließt in {any}",
        "[anzahl|anzahl_der|zahl_der] {views}|{applicants} {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

const FRENCH: Language = Language {
    names: &[
        ("{over}", &["plus_de|environ|près_de|moins_de"]),
        (
            "{posted}",
            &[
                "publié|publiée|publiés|publiées|posté|postée|ajouté|ajoutée|actualisé|actualisée|paru|parue|déposé|déposée",
                "[mis|mise] en ligne",
                "mis|mise à jour",
                "dernière mise_à_jour|modification",
            ],
        ),
        ("{since}", &["il_y_a|depuis {any}", "{today}"]),
        (
            "{short}",
            &[
                "{n}|un|une|quelques seconde|secondes|minute|minutes|min|heure|heures|h|jour|jours|j|semaine|semaines",
            ],
        ),
        ("{long}", &["{n}|un|une mois|an|ans|année|années"]),
        ("{day}", &["aujourd'hui|hier|avant-hier"]),
        (
            "{people}",
            &["personne|personnes|candidats|internautes|utilisateurs"],
        ),
        (
            "{applicants}",
            &["candidat|candidats|candidates|candidature|candidatures|postulant|postulants"],
        ),
        (
            "{views}",
            &["vue|vues|consultation|consultations|clic|clics|visite|visites|visiteurs"],
        ),
    ],
    anywhere: &[
        "{posted} [le] [:] [le] {date}|{since}",
        "il y a [{over}] {short}",
        "il_reste|reste|plus_que|encore {any} pour postuler|candidater",
        "offre|annonce|poste|candidature|candidatures expire|expirent|ferme|ferment|se_termine|se_clôture dans_{any}|aujourd'hui|demain",
        "vu|vue|consulté|consultée|lu|lue [{over}] {n} fois",
        "[{over}] {n} fois vu|vue|consulté|consultée|lu|lue",
        "[{over}] {n} {people} ont|a [déjà] vu|consulté|postulé|candidaté",
        "parmi_les|un_des|une_des|l'un_des|l'une_des {n} premiers|premières {applicants}|personnes [à_postuler]",
        "[{over}] {n} candidature|candidatures [déjà] reçue|reçues|envoyée|envoyées|déposée|déposées",
    ],
    alone: &[
        "{today}|nouveau|nouvelle|nouvelle_offre|il_y_a_{any}",
        "il_reste|reste|plus_que|encore {any}",
        "expire|ferme|se_termine dans {any}",
        "[nombre_de] {views}|{applicants} [reçues] {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

const SPANISH: Language = Language {
    names: &[
        ("{over}", &["más_de|unos|unas|cerca_de|menos_de"]),
        (
            "{posted}",
            &[
                "publicado|publicada|actualizado|actualizada|añadido|añadida|agregado|agregada|modificado|modificada",
                "última actualización|modificación",
                "fecha de publicación",
            ],
        ),
        (
            "{short}",
            &[
                "{n}|un|una|unos|unas segundo|segundos|minuto|minutos|min|hora|horas|h|día|días|dia|dias|semana|semanas",
            ],
        ),
        ("{long}", &["{n}|un mes|meses|año|años"]),
        ("{day}", &["hoy|ayer|anteayer|ahora_mismo"]),
        ("{people}", &["persona|personas|usuarios|candidatos"]),
        (
            "{applicants}",
            &[
                "candidato|candidatos|candidatas|candidatura|candidaturas|solicitud|solicitudes|solicitante|solicitantes|postulante|postulantes|postulaciones|inscrito|inscritos|inscripciones",
            ],
        ),
        (
            "{views}",
            &["vista|vistas|visita|visitas|visualización|visualizaciones|clic|clics"],
        ),
    ],
    anywhere: &[
        "{posted} [el] [:] [el] {date}|{today}|hace_{any}|desde_hace_{any}",
        "hace [{over}] {short}",
        "queda|quedan {any} para inscribirse|inscribirte|postular|postularse|postularte|aplicar|solicitar",
        "oferta|vacante|anuncio|plazo cierra|vence|expira|termina|finaliza en_{any}|hoy|mañana",
        "visto|vista|leído|leída [{over}] {n} vez|veces",
        "[{over}] {n} veces visto|vista|leído|leída",
        "[{over}] {n} {people} [ya] [se] [han|ha] visto|vieron|guardado|inscrito|postulado|aplicado|solicitado",
        "entre|de los|las primeros|primeras {n} {applicants}|personas",
        "[{over}] {n} {applicants} recibidas|recibidos|enviadas",
    ],
    alone: &[
        "{today}|nuevo|nueva|hace_{any}",
        "queda|quedan {any}",
        "cierra|vence|expira|termina|finaliza en {any}",
        "[número_de] {views}|{applicants} {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

const ITALIAN: Language = Language {
    names: &[
        ("{over}", &["oltre|più_di|circa|quasi|meno_di"]),
        (
            "{posted}",
            &[
                "pubblicato|pubblicata|aggiornato|aggiornata|inserito|inserita|aggiunto|aggiunta|modificato|modificata|online",
                "ultimo|ultima aggiornamento|modifica",
                "data di pubblicazione",
            ],
        ),
        (
            "{short}",
            &[
                "{n}|un|una|un'|pochi|poche secondo|secondi|minuto|minuti|min|ora|ore|giorno|giorni|settimana|settimane",
            ],
        ),
        ("{long}", &["{n}|un mese|mesi|anno|anni"]),
        ("{day}", &["oggi|ieri|l'altro_ieri|proprio_ora"]),
        ("{people}", &["persona|persone|utenti|candidati"]),
        (
            "{applicants}",
            &["candidato|candidati|candidate|candidatura|candidature"],
        ),
        (
            "{views}",
            &["visualizzazione|visualizzazioni|visita|visite|visitatori|clic"],
        ),
    ],
    anywhere: &[
        "{posted} [il] [:] [il] {date}|{today}|{any}_fa|da_{any}",
        "[{over}] {short} fa",
        "manca|mancano|resta|restano {any} per candidarsi|candidarti",
        "offerta|annuncio|candidature|posizione scade|scadono|chiude|chiudono|termina tra_{any}|fra_{any}|in_{any}|oggi|domani",
        "visto|vista|visualizzato|visualizzata|letto|letta [{over}] {n} volta|volte",
        "[{over}] {n} volte visto|vista|visualizzato|visualizzata|letto|letta",
        "[{over}] {n} {people} hanno [già] visto|visualizzato|salvato|inviato_la_candidatura",
        "[{over}] {n} {people} si sono [già] candidate|candidati",
        "tra i|le primi|prime {n} {applicants}|persone|a_candidarti",
        "[{over}] {n} candidatura|candidature ricevuta|ricevute|inviata|inviate",
    ],
    alone: &[
        "{today}|nuovo|nuova|{any}_fa",
        "manca|mancano|resta|restano|ancora {any}",
        "scade|chiude|termina tra|fra|in {any}",
        "[numero_di] {views}|{applicants} {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

const DUTCH: Language = Language {
    names: &[
        ("{over}", &["meer_dan|ruim|ongeveer|bijna|minder_dan"]),
        (
            "{posted}",
            &[
                "geplaatst|gepubliceerd|bijgewerkt|toegevoegd|gewijzigd|online|plaatsingsdatum|publicatiedatum",
                "laatste update|wijziging",
            ],
        ),
        (
            "{short}",
            &[
                "{n}|een|één|enkele|een_paar seconde|seconden|minuut|minuten|min|uur|uren|dag|dagen|week|weken",
            ],
        ),
        ("{long}", &["{n}|een|één maand|maanden|jaar|jaren"]),
        ("{day}", &["vandaag|gisteren|eergisteren|zojuist"]),
        ("{people}", &["personen|mensen|gebruikers|kandidaten"]),
        (
            "{applicants}",
            &["sollicitant|sollicitanten|sollicitatie|sollicitaties|kandidaten"],
        ),
        (
            "{views}",
            &["weergave|weergaven|bezoek|bezoeken|bezoekers|kliks"],
        ),
    ],
    anywhere: &[
        "{posted} [op|sinds] [:] [op] {date}|{today}|{any}_geleden|sinds_{any}",
        "{today} geplaatst|gepubliceerd|bijgewerkt|toegevoegd",
        "[{over}] {short} geleden",
        "nog {any} om te solliciteren|reageren",
        "vacature|sollicitatietermijn|advertentie sluit|verloopt|eindigt over_{any}|vandaag|morgen",
        "[{over}] {n} x|keer|maal bekeken|gezien|gelezen|geopend|bezocht",
        "bekeken|gezien door [{over}] {n} [{people}]",
        "[{over}] {n} {people} hebben [al|reeds] gesolliciteerd|gereageerd|deze_vacature_bekeken|deze_vacature_bewaard",
        "een_van|bij|tot|onder de eerste {n} {applicants}|personen",
        "[{over}] {n} sollicitatie|sollicitaties ontvangen|verstuurd",
    ],
    alone: &[
        "{today}|nieuw|{any}_geleden",
        "nog {any}",
        "sluit|verloopt|eindigt over {any}",
        "[aantal] {views}|{applicants} {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

const POLISH: Language = Language {
    names: &[
        ("{over}", &["ponad|około|prawie"]),
        (
            "{posted}",
            &[
                "opublikowano|opublikowana|opublikowane|opublikowany|dodano|dodana|dodane|zaktualizowano|zaktualizowana|odświeżono|zmieniono",
                "ostatnia aktualizacja|zmiana",
                "data publikacji|dodania|aktualizacji",
            ],
        ),
        (
            "{short}",
            &[
                "[{n}|kilka] sekunda|sekundę|sekundy|sekund|minuta|minutę|minuty|minut|min|godzina|godzinę|godziny|godzin|godz.|dzień|dni|tydzień|tygodnie|tygodni",
            ],
        ),
        (
            "{long}",
            &["[{n}|kilka] miesiąc|miesiące|miesięcy|rok|lata|lat"],
        ),
        ("{day}", &["dzisiaj|dziś|wczoraj|przedwczoraj|przed_chwilą"]),
        ("{people}", &["osoba|osoby|osób"]),
        (
            "{applicants}",
            &[
                "kandydat|kandydaci|kandydatów|aplikacja|aplikacje|aplikacji|aplikujących|zgłoszenie|zgłoszenia|zgłoszeń",
            ],
        ),
        (
            "{views}",
            &["wyświetlenie|wyświetlenia|wyświetleń|odsłona|odsłony|odsłon|wizyta|wizyty|wizyt"],
        ),
    ],
    anywhere: &[
        "{posted} [dnia|w_dniu] [:] [dnia] {date}|{today}|{any}_temu",
        "{today} opublikowano|opublikowana|opublikowane|dodano|dodana|zaktualizowano",
        "[{over}] {short} temu",
        "ważna|ważne|ważny jeszcze {any}",
        "oferta|ogłoszenie|rekrutacja wygasa|kończy_się|zamyka_się za_{any}|dzisiaj|dziś|jutro",
        "wyświetlono|wyświetlona|wyświetlone|obejrzano [{over}] {n} raz|razy",
        "[{over}] {n} razy wyświetlono|wyświetlona|obejrzano",
        "[{over}] {n} {people} [już] zaaplikowała|zaaplikowały|zaaplikowało|aplikowała|aplikowały|aplikowało|obejrzała|obejrzały|obejrzało|zapisało",
        "wśród pierwszych {n} {applicants}|osób",
    ],
    alone: &[
        "{today}|nowa|nowe|nowy|{any}_temu",
        "jeszcze|zostało|został|pozostało|pozostał|pozostały {any}",
        "wygasa|kończy_się|zamyka_się za {any}",
        "[liczba] {views}|{applicants} {is} [{over}] {n}",
        "[{over}] {n} {views}|{applicants}",
    ],
};

//! Texts and their languages.

use proptest::prelude::*;

use super::language::detected_language;

/// Four sentences of a posting in each language.
const SENTENCES: [(&str, [&str; 4]); 15] = [
    (
        "en",
        [
            "You will design and build the tools that our customers use every day.",
            "The team works closely with colleagues in sales and support.",
            "You have already led projects and enjoy explaining difficult matters.",
            "We offer flexible hours, a good salary and the freedom to decide.",
        ],
    ),
    (
        "de",
        [
            "Du entwickelst gemeinsam mit deinem Team neue Werkzeuge für unsere Kunden.",
            "Wir arbeiten eng mit den Kolleginnen und Kollegen im Vertrieb zusammen.",
            "Du hast bereits Projekte geleitet und erklärst gerne schwierige Zusammenhänge.",
            "Wir bieten flexible Arbeitszeiten, ein gutes Gehalt und viel Freiraum.",
        ],
    ),
    (
        "fr",
        [
            "Vous concevez avec votre équipe de nouveaux outils pour nos clients.",
            "Nous travaillons en étroite collaboration avec nos collègues du service commercial.",
            "Vous avez déjà dirigé des projets et vous aimez expliquer des sujets difficiles.",
            "Nous proposons des horaires souples, un bon salaire et beaucoup de liberté.",
        ],
    ),
    (
        "es",
        [
            "Diseñarás con tu equipo nuevas herramientas para nuestros clientes.",
            "Trabajamos en estrecha colaboración con nuestros compañeros del área de ventas.",
            "Ya has dirigido proyectos y te gusta explicar asuntos difíciles a los demás.",
            "Ofrecemos un horario flexible, un buen sueldo y mucha libertad para decidir.",
        ],
    ),
    (
        "it",
        [
            "Progetterai insieme alla tua squadra nuovi strumenti per i nostri clienti.",
            "Lavoriamo a stretto contatto con i colleghi delle vendite e dell'assistenza.",
            "Hai già guidato dei progetti e ti piace spiegare argomenti difficili agli altri.",
            "Offriamo orari flessibili, un buono stipendio e molta libertà di scelta.",
        ],
    ),
    (
        "nl",
        [
            "Je ontwikkelt samen met je team nieuwe gereedschappen voor onze klanten.",
            "Wij werken nauw samen met de collega's van verkoop en ondersteuning.",
            "Je hebt al eerder projecten geleid en legt graag moeilijke onderwerpen uit.",
            "Wij bieden flexibele werktijden, een goed salaris en veel vrijheid.",
        ],
    ),
    (
        "pt",
        [
            "Você vai projetar com a sua equipe novas ferramentas para os nossos clientes.",
            "Trabalhamos em estreita colaboração com os colegas das vendas e do suporte.",
            "Você já liderou projetos e gosta de explicar assuntos difíceis às pessoas.",
            "Oferecemos horários flexíveis, um bom salário e muita liberdade de decisão.",
        ],
    ),
    (
        "pl",
        [
            "Razem z zespołem będziesz projektować nowe narzędzia dla naszych klientów.",
            "Ściśle współpracujemy z koleżankami i kolegami z działu sprzedaży.",
            "Prowadziłeś już projekty i lubisz wyjaśniać innym trudne zagadnienia.",
            "Oferujemy elastyczne godziny pracy, dobre wynagrodzenie i dużo swobody.",
        ],
    ),
    (
        "sv",
        [
            "Du utvecklar tillsammans med ditt team nya verktyg för våra kunder.",
            "Vi arbetar nära våra kollegor inom försäljning och kundtjänst varje dag.",
            "Du har redan lett projekt och tycker om att förklara svåra frågor.",
            "Vi erbjuder flexibla arbetstider, en bra lön och mycket frihet.",
        ],
    ),
    (
        "fi",
        [
            "Kehität yhdessä tiimisi kanssa uusia työkaluja asiakkaillemme.",
            "Työskentelemme tiiviissä yhteistyössä myynnin ja tuen kollegojen kanssa.",
            "Olet jo johtanut hankkeita ja selität mielelläsi vaikeita asioita muille.",
            "Tarjoamme joustavat työajat, hyvän palkan ja paljon vapautta päättää.",
        ],
    ),
    (
        "cs",
        [
            "Společně se svým týmem budete navrhovat nové nástroje pro naše zákazníky.",
            "Úzce spolupracujeme s kolegy z obchodního oddělení a zákaznické podpory.",
            "Už jste vedli projekty a rádi vysvětlujete ostatním obtížné otázky.",
            "Nabízíme pružnou pracovní dobu, dobrý plat a hodně svobody při rozhodování.",
        ],
    ),
    (
        "tr",
        [
            "Ekibinizle birlikte müşterilerimiz için yeni araçlar geliştireceksiniz.",
            "Satış ve destek bölümündeki arkadaşlarımızla yakın çalışıyoruz.",
            "Daha önce projeler yönettiniz ve zor konuları açıklamayı seviyorsunuz.",
            "Esnek çalışma saatleri, iyi bir maaş ve karar verme özgürlüğü sunuyoruz.",
        ],
    ),
    (
        "ja",
        [
            "チームと一緒にお客様のための新しい道具を設計し、開発していただきます。",
            "営業や支援の担当者と毎日密に連携しながら仕事を進めています。",
            "これまでに案件を率いた経験があり、難しい話を分かりやすく説明できる方。",
            "柔軟な勤務時間と十分な給与、そして大きな裁量を用意しています。",
        ],
    ),
    (
        "ko",
        [
            "팀과 함께 고객을 위한 새로운 도구를 설계하고 개발하게 됩니다.",
            "영업과 지원을 맡은 동료들과 매일 긴밀하게 협력하여 일합니다.",
            "프로젝트를 이끈 적이 있고 어려운 내용을 쉽게 설명할 수 있는 분을 찾습니다.",
            "유연한 근무 시간과 좋은 급여, 그리고 많은 자율성을 드립니다.",
        ],
    ),
    (
        "zh",
        [
            "您将与团队一起为我们的客户设计和开发新的工具，并负责后续的改进。",
            "我们每天与销售和支持部门的同事密切合作，共同解决客户的问题。",
            "您曾经负责过项目，并且喜欢向别人解释复杂的问题，善于沟通。",
            "我们提供灵活的工作时间、良好的薪酬以及很大的自主决定空间。",
        ],
    ),
];

#[test]
fn texts_in_fifteen_languages_are_recognized() {
    for (tag, sentences) in SENTENCES {
        for left_out in 0..sentences.len() {
            let mut sentences = sentences.to_vec();
            sentences.remove(left_out);
            sentences.rotate_left(left_out % 3);
            let text = sentences.join(" ");
            assert_eq!(detected_language(&text), Some(tag), "{text}");
        }
    }
}

#[test]
fn a_long_text_is_recognized_by_its_first_bytes() {
    for (tag, sentences) in SENTENCES {
        let text = (sentences.join("\n") + "\n").repeat(4_000);
        assert_eq!(detected_language(&text), Some(tag));
    }
}

#[test]
fn related_languages_are_told_apart() {
    for (tag, text) in [
        (
            Some("da"),
            "Du har lyst til at arbejde sammen med vores kolleger, og du er god til at forklare svære emner. Vi \
             tilbyder fleksible arbejdstider og en god løn, og hos os er der plads til dig og dine idéer.",
        ),
        (
            Some("nb"),
            "Du har lyst til å jobbe sammen med våre kolleger, og du er god til å forklare vanskelige temaer. Vi \
             tilbyr fleksibel arbeidstid og god lønn, og hos oss er det plass til deg og dine ideer.",
        ),
        (
            Some("ca"),
            "Treballaràs amb els nostres companys i t'agrada explicar els temes difícils als altres. Oferim un horari \
             flexible i un bon sou, amb molta llibertat per decidir i un equip que és més que una feina.",
        ),
        (
            Some("sk"),
            "S naším tímom budete navrhovať nové nástroje pre zákazníkov a radi vysvetľujete zložité otázky. Ponúkame \
             pružný pracovný čas, dobrý plat a slobodu pri rozhodovaní, ako aj prácu na diaľku, ktorá sa oplatí.",
        ),
        (
            Some("ro"),
            "Vei proiecta împreună cu echipa ta instrumente noi pentru clienții noștri și îți place să explici \
             subiecte dificile. Oferim un program flexibil, un salariu bun și libertatea de a decide în echipa care este.",
        ),
        (
            Some("hu"),
            "Az új munkatárs a csapattal együtt tervez eszközöket, és szívesen magyaráz el egy nehéz kérdést is. \
             Rugalmas munkaidőt és jó fizetést kínálunk, ha fontos a szabadság, és nem csak a munka van a középpontban.",
        ),
        // Croatian, which is not told apart from Serbian.
        (
            None,
            "Radit ćete s našim timom na novim alatima za korisnike i rado objašnjavate teška pitanja. Nudimo \
             fleksibilno radno vrijeme i dobru plaću, a od vas se očekuje da ste samostalni i da volite svoj posao.",
        ),
    ] {
        assert_eq!(detected_language(text), tag, "{text}");
    }
}

#[test]
fn product_names_between_the_words_do_not_matter() {
    let [english, german] = [0, 1].map(|at| SENTENCES[at].1.join(" Kubernetes, Terraform, AWS. "));
    assert_eq!(detected_language(&english), Some("en"));
    assert_eq!(detected_language(&german), Some("de"));
}

#[test]
fn a_short_mixed_or_wordless_text_has_no_language() {
    let [english, german] = [0, 1].map(|at| SENTENCES[at].1.join(" ").repeat(8));
    let half = english.floor_char_boundary(2_000);
    for text in [
        "",
        "Senior Software Engineer (m/w/d)",
        "We are looking for an engineer.",
        &"Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod. "
            .repeat(9),
        &"- 1 - 2 - 3 - 4 - 5 ".repeat(50),
        &"Rust, Go, Python, SQL, AWS, Kubernetes, Docker. ".repeat(3),
        &format!("{}{}", &english[..half], &german[..half]),
        &format!("{}{}", &german[..half], &english[..half]),
        &[0, 1, 0, 1].map(|at| SENTENCES[at].1.join(" ")).join(" "),
    ] {
        assert_eq!(detected_language(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,400}", count in 0_usize..40) {
        detected_language(&text.repeat(count));
    }
}

//! The texts from which boards are generated. Profiles of the demo and of the benchmarks search for
//! some of them.

/// A field of work, with the words for its job titles and descriptions.
pub(super) struct Field {
    pub(super) department: &'static str,
    pub(super) roles: &'static [&'static str],
    pub(super) interns: &'static str,
    pub(super) teams: &'static [&'static str],
    pub(super) tools: &'static [&'static str],
    pub(super) duties: &'static [&'static str],
    pub(super) requirements: &'static [&'static str],
}

pub(super) const FIELDS: &[&Field] = &[&ENGINEERING, &PLATFORM, &DATA, &PRODUCT, &SALES, &PEOPLE];

const ENGINEERING: Field = Field {
    department: "Engineering",
    roles: &[
        "Backend Engineer",
        "Software Engineer",
        "Rust Engineer",
        "Frontend Engineer",
        "Full-Stack Engineer (TypeScript)",
        "Embedded Software Engineer",
        "Mobile Engineer (iOS)",
        "C++ Engineer",
    ],
    interns: "Software Engineering Intern",
    teams: &[
        "Payments",
        "Search",
        "Core API",
        "Developer Experience",
        "Billing",
    ],
    tools: &[
        "Rust",
        "Go",
        "Python",
        "TypeScript",
        "C++",
        "PostgreSQL",
        "gRPC",
        "WebAssembly",
        "Kafka",
        "Node.js",
    ],
    duties: &[
        "Design, build and run services that answer several thousand requests a second, from the first sketch to the \
            night somebody is paged for them.",
        "Own a part of our public API: its shape, its documentation and the promise that what worked yesterday works \
            tomorrow.",
        "Review the code of your colleagues with care and ask for the same; most of what we know about our systems is \
            written down there.",
        "Find out why the slowest one percent of requests is slow, and make the explanation readable for people \
            outside your team.",
        "Take old parts of the code base to a better place in steps small enough to be undone on a Friday afternoon.",
        "Work with designers and product managers on what to build next, and say early when something costs more than \
            it brings.",
    ],
    requirements: &[
        "Several years of building software that other people depend on, and at least one story about how it broke.",
        "Solid knowledge of one systems language and the curiosity to read a second; most of our services are written \
            in {tool}.",
        "Experience with relational databases beyond the query builder: indexes, plans, locks and migrations on a \
            live system.",
        "A habit of testing what you write, and an opinion about which tests are not worth having.",
        "Practice in explaining technical trade-offs in writing, to people who will not read the code.",
    ],
};

const PLATFORM: Field = Field {
    department: "Platform & Infrastructure",
    roles: &[
        "Platform Engineer",
        "Site Reliability Engineer",
        "DevOps Engineer",
        "Security Engineer",
        "Infrastructure Engineer (Kubernetes)",
        "Database Reliability Engineer",
    ],
    interns: "Platform Engineering Intern",
    teams: &[
        "Cloud",
        "Observability",
        "Identity",
        "Edge",
        "Build & Release",
    ],
    tools: &[
        "Kubernetes",
        "Terraform",
        "Linux",
        "Rust",
        "Go",
        "AWS",
        "Prometheus",
        "eBPF",
        "PostgreSQL",
        "Nix",
    ],
    duties: &[
        "Run and grow the platform that forty product teams deploy to, with paved roads that are easier to take than \
            to leave.",
        "Automate away the tasks that wake people up, and measure whether it worked by how seldom they are woken.",
        "Plan capacity across three regions and keep the monthly bill explainable line by line.",
        "Lead incident reviews that look for conditions rather than culprits, and follow their actions to the end.",
        "Harden our supply chain: reproducible builds, signed artefacts, short-lived credentials and the smallest \
            permissions that do.",
        "Advise teams on service objectives and teach them to read their own dashboards.",
    ],
    requirements: &[
        "Experience in operating distributed systems on {tool} or something close to it, including upgrades that went \
            badly.",
        "Good knowledge of networking from the socket up: DNS, TLS, load balancing and what happens when they time \
            out.",
        "Fluency in at least one language that you would write a small daemon in, and restraint about writing one.",
        "Calm in an incident, and clear messages while it lasts.",
        "Respect for boring technology and a good reason whenever you depart from it.",
    ],
};

const DATA: Field = Field {
    department: "Data & Research",
    roles: &[
        "Data Engineer",
        "Machine Learning Engineer",
        "Data Scientist, Experimentation",
        "Analytics Engineer",
        "Research Scientist (NLP)",
    ],
    interns: "Data Science Intern",
    teams: &[
        "Forecasting",
        "Growth Analytics",
        "Ranking",
        "Data Platform",
    ],
    tools: &[
        "Python",
        "SQL",
        "dbt",
        "Spark",
        "PyTorch",
        "Airflow",
        "Snowflake",
        "R",
        "Rust",
    ],
    duties: &[
        "Build pipelines that arrive on time and say so when they do not, from event collection to the table an \
            analyst opens.",
        "Design experiments with product teams, and defend the null hypothesis when everybody hopes for a different \
            result.",
        "Train, evaluate and ship models, and watch them for drift long after the launch announcement.",
        "Turn a vague question from the business into a number with an interval around it.",
        "Keep the warehouse documented, tested and affordable, and retire the tables that nobody reads.",
        "Handle personal data as if it were about your own family: collect little, keep it briefly, log who looked.",
    ],
    requirements: &[
        "A degree in a quantitative field, or work that shows the same.",
        "Daily use of {tool} in production, not only in notebooks.",
        "A firm grip on statistics: power, multiple testing, and why the average misleads.",
        "Experience with data modelling that survived a change of the business model.",
        "The ability to present a result in one chart and three sentences.",
    ],
};

const PRODUCT: Field = Field {
    department: "Product & Design",
    roles: &[
        "Product Manager",
        "Product Designer",
        "UX Researcher",
        "Technical Writer",
        "Technical Program Manager",
    ],
    interns: "Product Design Intern",
    teams: &["Onboarding", "Mobile", "Enterprise", "Design Systems"],
    tools: &[
        "Figma",
        "SQL",
        "user interviews",
        "prototyping",
        "accessibility audits",
        "roadmapping",
    ],
    duties: &[
        "Talk with customers every week and bring back what they do rather than what they say they would do.",
        "Write short documents that let twenty people decide the same thing, and keep them true afterwards.",
        "Prototype early and throw most of it away; carry the rest to a release with engineers at your side.",
        "Keep the design system coherent and accessible across the web and both mobile platforms.",
        "Define what success of a feature looks like before it is built, and report on it when it has shipped.",
        "Balance requests from sales, support and engineering in the open, so that a no comes with its reason.",
    ],
    requirements: &[
        "A portfolio or a product history that shows problems, choices and consequences.",
        "Practice with {tool} and the judgement to know when it is the wrong instrument.",
        "Empathy for people who use software all day without having chosen it.",
        "Strong writing, in plain English.",
        "Experience in working with distributed teams across at least three time zones.",
    ],
};

const SALES: Field = Field {
    department: "Sales & Marketing",
    roles: &[
        "Account Executive, Mid-Market",
        "Sales Development Representative",
        "Solutions Engineer",
        "Content Marketing Manager",
        "Customer Success Manager",
    ],
    interns: "Marketing Internship",
    teams: &["EMEA", "DACH", "North America", "Partnerships"],
    tools: &[
        "Salesforce",
        "HubSpot",
        "negotiation",
        "cold outreach",
        "webinars",
        "German (C1)",
    ],
    duties: &[
        "Build and keep a pipeline of companies that have the problem we solve, and tell the others kindly that they \
            do not.",
        "Run discovery calls in which the customer talks most of the time.",
        "Work with solutions engineers on pilots that end on the agreed day with an agreed measure.",
        "Forecast honestly: a deal that slipped is better known on Monday than on the last day of the quarter.",
        "Bring the voice of the market back to product and engineering in a form they can act on.",
        "Write campaigns that our own engineers would not be embarrassed to forward.",
    ],
    requirements: &[
        "A record of meeting targets in a business that sells to businesses.",
        "Familiarity with {tool} and the discipline to keep records current.",
        "Curiosity about technology; you need not write code, but you should like to know how it works.",
        "Willingness to travel about one week in six.",
        "Fluent English and at least one other language of the region.",
    ],
};

const PEOPLE: Field = Field {
    department: "People & Finance",
    roles: &[
        "Technical Recruiter",
        "People Operations Partner",
        "Financial Analyst",
        "Accountant",
        "Legal Counsel",
    ],
    interns: "People Operations Intern",
    teams: &["Talent", "Payroll", "Corporate", "Compliance"],
    tools: &[
        "Workday",
        "Excel",
        "SQL",
        "employment law",
        "NetSuite",
        "interview training",
    ],
    duties: &[
        "Be the first person a new colleague meets and the one they come to when something feels unfair.",
        "Close the books every month in five working days, and spend the saved ones on questions that matter.",
        "Coach managers through growth, conflict and farewell.",
        "Review contracts with customers and suppliers, and turn what repeats into templates.",
        "Keep salary bands current, published and followed.",
        "Improve one process each quarter by removing a step from it.",
    ],
    requirements: &[
        "Experience in a growing company of a few hundred people, in more than one country.",
        "Command of {tool} and an eye for the number that does not fit.",
        "Discretion that your colleagues take for granted.",
        "Knowledge of European employment practice, or the will to learn it quickly.",
        "A sense of humour that survives the end of the quarter.",
    ],
};

pub(super) const COMPANIES: &[&str] = &[
    "Quillstone",
    "Brightfen Labs",
    "Tidewater Systems",
    "Marrowbridge",
    "Larkhollow Energy",
    "Ostrava & Finch",
    "Copperline",
    "Nimbleroot ",
    "Saltmarsh Robotics",
    "Vantage Orchard",
];

pub(super) const LEVELS: &[&str] = &[
    "",
    "",
    "",
    "Senior ",
    "Senior ",
    "Staff ",
    "Junior ",
    "Lead ",
    "Principal ",
];

/// Names of offices, which are cities, and their full locations.
pub(super) const PLACES: &[&(&str, &str)] = &[
    &("Berlin", "Berlin, Germany"),
    &("London", "London, United Kingdom"),
    &("New York", "New York, NY"),
    &("Amsterdam", "Amsterdam, Netherlands"),
    &("Toronto", "Toronto, ON, Canada"),
    &("Lisbon", "Lisbon, Portugal"),
    &("San Francisco", "San Francisco, CA"),
    &("Zürich", "Zürich, Switzerland"),
    &("Singapore", "Singapore"),
    &("Kraków", "Kraków, Poland"),
];

pub(super) const REMOTE_PLACES: &[&str] = &[
    "Remote",
    "Remote - Europe",
    "Remote, US",
    "Remote (Germany)",
    "Remote - Canada",
    "United Kingdom (Remote)",
];

pub(super) const OFFSETS: &[&str] = &["-04:00", "-05:00", "-07:00", "+00:00", "+02:00"];

pub(super) const RECRUITERS: &[&str] = &["Alex Example", "Robin Sample", "Kim Placeholder"];

pub(super) const OPENINGS: &[&str] = &[
    "{company} was founded by three colleagues who were tired of software that is bought by one person and suffered \
        by another. Eleven years later more than four thousand organisations work with what we make, and we still \
        answer support requests in rotation.",
    "At {company} we build the unglamorous part: the layer that moves, checks and explains what others show on their \
        screens. When we do it well nobody notices, and we have learned to take that as praise.",
    "{company} is a company of about six hundred people in nine countries. We are profitable, owned in large part by \
        those who work here, and in no hurry to become something else.",
];

pub(super) const ROLE_TEXTS: &[&str] = &[
    "You will join the {team} team, seven people who plan in six-week cycles and talk to each other every day. The \
        work is varied: one week you will be deep in a problem that only three people understand, the next you will \
        explain it to a customer who needs a decision by noon.",
    "The {team} team is growing because what it built is used more than anybody expected. You will find a system that \
        works, a list of things that could be simpler, and colleagues who would rather delete a feature than add a \
        setting. In your first quarter you will own one of them from start to finish.",
    "As part of {team} you will shape an area that is new to us. There is a direction and a budget, and deliberately \
        little else: we would like the person who does this work to decide how it is done, and we will stand behind \
        those decisions when they turn out to be wrong.",
];

pub(super) const BENEFITS: &[&str] = &[
    "30 days of paid leave, of which we ask you to take at least two weeks in one piece",
    "A yearly budget of &euro;2,000 for courses, books and conferences, spent as you see fit",
    "Parental leave of 20 weeks at full pay, for every parent",
    "Equity in the company from the first day, explained in words",
    "Working hours that fit your life; core time is 10:00&ndash;15:00",
    "A contribution to your pension, your commute and your gym",
    "The computer and the chair of your choice",
];

pub(super) const ON_SITE: &str = "This role is based in our office, because much of it happens in front of a whiteboard; we help with the move.";
pub(super) const HYBRID: &str = "We work hybrid: two days a week together in the office, the others wherever you concentrate best.";
pub(super) const REMOTE: &str = "This is a fully remote role. We meet twice a year for a week, and write things down in between.";

pub(super) const BOILERPLATE: &str = "{company} is an equal opportunity employer. We decide on the basis of \
    what you can do and would like to do, without regard to origin, religion, gender, orientation, age, \
    disability or anything else that has no bearing on the work. If you need an adjustment during the process, \
    tell us and we will make it. Please do not send a photograph.";

pub(super) const PROCESS: &str = "Our process takes about three weeks: a first call, a conversation about \
    something you have made, half a day of working together (paid), and a talk with the person you would report \
    to. You hear from us within three working days after every step, also when the answer is no.";

pub(super) const FIRST_YEAR: &[&str] = &[
    "In your first month you get to know the product, the people and the customers. You will sit in on support, read \
        old decisions, and ask the questions that only a newcomer can ask; we write the answers down.",
    "After three months you run something of your own, small enough to be finished and large enough to matter, with a \
        colleague beside you who has done it before.",
    "After six months others come to you with questions about your area, and you have changed at least one thing \
        about how we do it.",
    "By the end of the year you have taken part in planning the next one, and you have helped somebody else through \
        their first month.",
];

pub(super) const CULTURE: &str = "We decide in writing. Whoever proposes something sends a page to those it \
    concerns, waits two days, answers the objections, and then goes ahead. Meetings are for what could not be \
    settled that way, they end after 45&nbsp;minutes, and somebody takes notes. It is slower on the first day \
    and faster in every week that follows, and it lets people in Toronto and Singapore take part in the same \
    conversation.";

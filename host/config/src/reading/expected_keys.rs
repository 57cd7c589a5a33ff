//! Keys that people expect in `config.yaml`, but that do not exist: each with the place where the
//! setting is.
//!
//! Not here: misspelt keys, which are compared with those that exist (`read`), and conditions on jobs,
//! which are not keys at all (`expected_conditions`).

use crate::reading::expected_conditions;

/// Keys of one section that stand for the same setting.
struct Expected {
    /// The path of the section, with `[]` for each position in a list. Empty for the root.
    section: &'static str,
    /// The keys, written as [`plain`] writes them.
    keys: &'static [&'static str],
    /// The correction.
    remedy: &'static str,
    /// The keys of the same section that the operator meant. Their absence need not be reported
    /// as well.
    meant: &'static [&'static str],
}

const MAIL_SERVER: &str = "the mail server is set by the environment variables SMTP_HOST, SMTP_PORT, SMTP_USER and SMTP_PASS, which may be \
     lines of the file `.env`; remove this key";
const RECIPIENTS: &str = "the recipients are set by the environment variable ALERT_TO_EMAIL, which may be a line of the file `.env`; remove \
     this key";
const CHANNEL: &str = "list it below `channels`, as `- {name: phone, type: ntfy, url: 'https://ntfy.sh/my-topic'}`; `type` is email, webhook, \
     slack, discord, telegram, ntfy, gotify, matrix or apprise, which reaches many more services";
const CRITERIA: &str = "write the terms below `search_criteria`: all of `required_terms`, one of each list in `keyword_groups`, none of \
     `exclude_terms`";
const ALL_OR_ONE: &str =
    "write `required_terms` (all of them have to occur) or `keyword_groups` (one of each list)";
const SOURCES: &str =
    "list the boards below `sources`, as `- {type: greenhouse, identifier: acme}`";
const OPTION: &str = "write it below `options`, if the adapter has this option (`job-scanner adapter inspect TYPE` lists them)";

/// All such keys. A key is listed once for each section.
const EXPECTED: &[Expected] = &[
    Expected {
        section: "",
        keys: &[
            "smtp",
            "smtphost",
            "smtpserver",
            "smtpport",
            "smtpuser",
            "smtppass",
            "smtppassword",
            "mailer",
            "mailserver",
        ],
        remedy: MAIL_SERVER,
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "to",
            "recipient",
            "recipients",
            "alert",
            "alerts",
            "alertto",
            "alerttoemail",
            "emailto",
            "notify",
            "notifications",
            "notification",
            "notifier",
            "notifiers",
        ],
        remedy: RECIPIENTS,
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "telegram", "slack", "discord", "webhook", "webhooks", "ntfy", "gotify", "pushover",
            "matrix", "apprise", "teams", "signal",
        ],
        remedy: CHANNEL,
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "database",
            "databaseurl",
            "databasepath",
            "db",
            "dbpath",
            "sqlite",
            "storage",
        ],
        remedy: "the database is set by the environment variable DATABASE_URL, such as `sqlite:data/job_scanner.db`; remove this \
                 key",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "schedule",
            "scheduler",
            "interval",
            "every",
            "cron",
            "frequency",
            "poll",
            "pollinterval",
            "scan",
        ],
        remedy: "write `scan_interval: 15m`, or `every` or `cron` at a source",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "search",
            "searchterms",
            "criteria",
            "keyword",
            "keywords",
            "keywordgroups",
            "terms",
            "requiredterms",
            "excludeterms",
            "exclude",
            "filter",
            "filters",
            "match",
        ],
        remedy: CRITERIA,
        meant: &["search_criteria"],
    },
    Expected {
        section: "",
        keys: &["profile", "searches", "query", "queries"],
        remedy: "write a list of `profiles`, each with a `name` and a `query`",
        meant: &["profiles", "search_criteria"],
    },
    Expected {
        section: "",
        keys: &[
            "companies",
            "company",
            "boards",
            "jobboards",
            "sites",
            "feeds",
            "urls",
            "targets",
        ],
        remedy: SOURCES,
        meant: &["sources"],
    },
    Expected {
        section: "",
        keys: &["log", "loglevel", "logformat", "verbosity", "verbose"],
        remedy: "write `logging: {level: info, format: key-value}`",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &["limits"],
        remedy: "write it below `adapters`, as `adapters: {limits: {default: {…}}}`",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &["plugins", "adapterdir", "adaptersdir", "adapterfolder"],
        remedy: "write `adapters: {dir: FOLDER}`",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &["digest", "firstscan"],
        remedy: "write `on_first_scan: digest` for the first scan, or `email: {digest_above: 5}` for all others",
        meant: &[],
    },
    Expected {
        section: "",
        keys: &[
            "useragent",
            "timeout",
            "httptimeout",
            "concurrency",
            "maxjobs",
            "maxjobspersource",
            "ratelimit",
        ],
        remedy: "write it below `advanced`, which has `http_request_timeout`, `max_concurrent_sources`, `max_jobs_per_source`, \
                 `max_rate_per_host` and `user_agent`",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "url",
            "urls",
            "uri",
            "link",
            "href",
            "address",
            "site",
            "website",
            "page",
            "careers",
            "careersurl",
            "careerspage",
            "boardurl",
            "joburl",
            "jobsurl",
            "feedurl",
        ],
        remedy: "write `type` and `identifier` instead; `job-scanner adapter detect URL` prints both for the address of a board",
        meant: &["type", "identifier"],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "company",
            "companyid",
            "companyname",
            "slug",
            "board",
            "boardid",
            "boardtoken",
            "id",
            "handle",
            "tenant",
            "organization",
            "organisation",
            "org",
            "account",
            "username",
        ],
        remedy: "write `identifier` for the board's name of the company, and `name` for its name in messages",
        meant: &["identifier"],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "kind",
            "ats",
            "provider",
            "platform",
            "system",
            "source",
            "plugin",
            "parser",
            "adaptertype",
        ],
        remedy: "write `type`, such as `type: greenhouse`",
        meant: &["type"],
    },
    Expected {
        section: "sources[]",
        keys: &["label", "title"],
        remedy: "write `name`",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "interval",
            "scaninterval",
            "schedule",
            "frequency",
            "pollinterval",
        ],
        remedy: "write `every: 6h`, or `cron: \"30 8 * * MON-FRI\"` (UTC)",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &["disabled", "active", "skip", "paused"],
        remedy: "write `enabled: false` to keep a source without scanning it",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "keywords",
            "terms",
            "search",
            "searchcriteria",
            "criteria",
            "filter",
            "filters",
            "requiredterms",
            "keywordgroups",
            "excludeterms",
            "exclude",
            "query",
            "profile",
            "profiles",
        ],
        remedy: "write the terms in `search_criteria`, which applies to all sources, or in a profile with `sources`; remove this key",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &["limit", "max", "maxresults", "maxpages", "count"],
        remedy: "write `max_jobs`",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "host",
            "hosts",
            "allow",
            "allowedhosts",
            "domains",
            "alloweddomains",
        ],
        remedy: "write `allow_hosts: [jobs.example.com]`",
        meant: &[],
    },
    Expected {
        section: "sources[]",
        keys: &[
            "apikey", "key", "token", "secret", "password", "auth", "headers", "region", "baseurl",
            "domain", "language", "params",
        ],
        remedy: OPTION,
        meant: &[],
    },
    Expected {
        section: "search_criteria",
        keys: &[
            "keywords",
            "keyword",
            "terms",
            "term",
            "words",
            "include",
            "includes",
            "includeterms",
            "required",
            "requirements",
            "must",
            "all",
            "skills",
            "query",
        ],
        remedy: ALL_OR_ONE,
        meant: &[],
    },
    Expected {
        section: "search_criteria",
        keys: &[
            "any",
            "anyof",
            "oneof",
            "or",
            "groups",
            "should",
            "optional",
            "optionalterms",
        ],
        remedy: "write `keyword_groups`: a list of lists, of which each needs one term in the job",
        meant: &[],
    },
    Expected {
        section: "search_criteria",
        keys: &[
            "exclude",
            "excludes",
            "excluded",
            "excludekeywords",
            "excludedterms",
            "not",
            "without",
            "negative",
            "none",
            "blacklist",
            "blocklist",
            "ignore",
        ],
        remedy: "write `exclude_terms`",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &[
            "host",
            "server",
            "smtphost",
            "smtpserver",
            "mailserver",
            "smtp",
        ],
        remedy: "the mail server is set by the environment variable SMTP_HOST, which may be a line of the file `.env`; remove \
                 this key",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["port", "smtpport"],
        remedy: "the port is set by the environment variable SMTP_PORT, which may be a line of the file `.env`; remove this key",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["user", "username", "login", "smtpuser", "smtpusername"],
        remedy: "the login is set by the environment variables SMTP_USER and SMTP_PASS, which may be lines of the file `.env`; \
                 remove this key",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &[
            "password",
            "pass",
            "smtppass",
            "smtppassword",
            "secret",
            "apikey",
        ],
        remedy: "the password is set by the environment variable SMTP_PASS, or in the file that SMTP_PASS_FILE names; remove this \
                 key",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &[
            "from",
            "fromaddress",
            "fromname",
            "sender",
            "sendername",
            "smtpsender",
        ],
        remedy: "the sender is set by the environment variables SMTP_SENDER and SMTP_SENDER_NAME, which may be lines of the file \
                 `.env`; remove this key",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &[
            "to",
            "recipient",
            "recipients",
            "address",
            "addresses",
            "toaddress",
            "alertto",
            "alerttoemail",
            "cc",
            "bcc",
        ],
        remedy: RECIPIENTS,
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["enabled", "enable", "disabled"],
        remedy: "remove it: mail is sent if the environment variables SMTP_HOST and ALERT_TO_EMAIL are set, and written to files \
                 otherwise",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["tls", "ssl", "usessl", "starttls", "encryption", "security"],
        remedy: "write `use_tls`",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["digest", "batch", "grouping"],
        remedy: "write `digest_above`: more matches than this are sent in one message",
        meant: &[],
    },
    Expected {
        section: "email",
        keys: &["retries", "retry", "attempts"],
        remedy: "write `max_retries`",
        meant: &[],
    },
    Expected {
        section: "logging",
        keys: &["file", "path", "filename", "output", "destination"],
        remedy: "remove it: the log goes to standard error, which a shell or a service manager can write to a file",
        meant: &[],
    },
    Expected {
        section: "logging",
        keys: &["verbosity", "verbose", "debug"],
        remedy: "write `level: debug`",
        meant: &[],
    },
    Expected {
        section: "adapters",
        keys: &["folder", "directory", "path", "paths", "folders"],
        remedy: "write `dir`",
        meant: &[],
    },
    Expected {
        section: "advanced",
        keys: &["timeout", "httptimeout", "requesttimeout"],
        remedy: "write `http_request_timeout`",
        meant: &[],
    },
    Expected {
        section: "advanced",
        keys: &[
            "concurrency",
            "parallel",
            "threads",
            "workers",
            "maxconcurrency",
        ],
        remedy: "write `max_concurrent_sources`",
        meant: &[],
    },
    Expected {
        section: "advanced",
        keys: &["maxjobs", "limit"],
        remedy: "write `max_jobs_per_source`",
        meant: &[],
    },
    Expected {
        section: "advanced",
        keys: &["rate", "ratelimit", "requestspersecond"],
        remedy: "write `max_rate_per_host`: requests per second",
        meant: &[],
    },
];

/// Returns the correction for a key of a section; `None` if the table does not list it.
pub(super) fn remedy(section: &str, key: &str) -> Option<&'static str> {
    let known = expected(section, key).map(|expected| expected.remedy);
    known.or_else(|| expected_conditions::remedy(&without_positions(section), &plain(key)))
}

/// Returns true if the operator wrote `key` where `meant` is required.
pub(super) fn is_meant(section: &str, key: &str, meant: &str) -> bool {
    let is_known = expected(section, key).is_some_and(|expected| expected.meant.contains(&meant));
    is_known || expected_conditions::is_meant(section, &plain(key), meant)
}

fn expected(section: &str, key: &str) -> Option<&'static Expected> {
    let (section, key) = (without_positions(section), plain(key));
    EXPECTED
        .iter()
        .find(|expected| expected.section == section && expected.keys.contains(&key.as_str()))
}

/// Returns the path of a section without the positions in lists: `sources[]` for `sources[3]`.
fn without_positions(section: &str) -> String {
    section.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Returns a key in the spelling of the table: `smtpHost`, `SMTP_HOST` and `smtp-host` are the same
/// key.
fn plain(key: &str) -> String {
    let letters = key.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_key_is_found_in_every_spelling_but_only_in_its_section() {
        for key in ["smtp_host", "smtpHost", "SMTP-HOST", "host"] {
            assert!(remedy("email", key).unwrap().contains("SMTP_HOST"), "{key}");
        }
        assert!(remedy("sources[17]", "url").is_some());
        assert!(remedy("", "location").unwrap().contains("location:berlin"));
        assert_eq!(remedy("sources[0].options", "url"), None);
        assert_eq!(remedy("health", "smtp_host"), None);
    }

    #[test]
    fn no_key_is_listed_twice_or_in_a_spelling_that_is_never_found() {
        let mut seen = BTreeSet::new();
        for Expected { section, keys, .. } in EXPECTED {
            for key in *keys {
                assert_eq!(plain(key), *key);
                assert!(seen.insert((section, key)), "{section}: {key}");
            }
        }
    }
}

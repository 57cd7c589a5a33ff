//! `SMTP_*` of the environment: the mail server, the login there, and the sender of mail.

use std::net::IpAddr;

use job_scanner_core::secret::Secret;
use job_scanner_files::regular_file;
use lettre::Address;
use lettre::message::Mailbox;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::address;
use crate::environment::{Environment, problem};
use crate::reading::problem::{Problem, quoted};
use crate::sections::email::UseTls;

/// The certificate bundle of a whole system has a tenth of this size.
const MAX_CA_FILE_BYTES: u64 = 4 << 20;
/// Names, passwords and tokens are much shorter.
const MAX_VALUE_FILE_BYTES: u64 = 64 << 10;

/// The default name of the sender.
const DEFAULT_NAME: &str = "job-scanner";

/// Mail programs do not show more of a sender's name.
const MAX_NAME_CHARACTERS: usize = 200;

/// The mail server, and the login and sender that are used there.
#[derive(Debug, Clone, PartialEq)]
pub struct SmtpConfig {
    /// `SMTP_HOST`: a host name or an IP address.
    pub host: String,
    /// `SMTP_PORT`. `None` uses the default port.
    pub port: Option<u16>,
    /// `SMTP_USER` and `SMTP_PASS`. `None` does not log in.
    pub login: Option<SmtpLogin>,
    /// The sender: `SMTP_SENDER_NAME` with the address in `SMTP_SENDER`, or else in `SMTP_USER`.
    pub sender: Mailbox,
    /// `SMTP_CA_FILE`: certificates (PEM) that are trusted in addition to those of the system.
    pub trusted: Option<Vec<u8>>,
}

/// A login to the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpLogin {
    pub user: String,
    pub password: Secret,
}

impl SmtpConfig {
    /// Returns true if the server is this machine, so the connection does not cross a network.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Returns a problem if the login would send its password unencrypted over a network.
    pub(crate) fn login_problem(&self, use_tls: UseTls) -> Option<Problem> {
        let is_unencrypted =
            use_tls == UseTls::Never && self.login.is_some() && !self.is_loopback();
        is_unencrypted.then(|| {
            problem(
                "SMTP_USER",
                &format!("would log in to {} without encryption (`email.use_tls: false`)", quoted(&self.host)),
                "remove `use_tls: false` from the configuration, or SMTP_USER and SMTP_PASS from the environment",
            )
        })
    }
}

impl Environment {
    /// Reads the settings of the mail server. `None` without `SMTP_HOST`: mail is written to files.
    /// A login without a server is a mistake.
    pub fn read_smtp(&self, problems: &mut Vec<Problem>) -> Option<SmtpConfig> {
        let Some(host) = self.text("SMTP_HOST", problems).map(str::to_owned) else {
            if self.text_or_file("SMTP_USER", problems).is_some() {
                let remedy =
                    "set SMTP_HOST as well, or remove SMTP_USER to have mail written to files";
                problems.push(problem("SMTP_USER", "is set and SMTP_HOST is not", remedy));
            }

            return None;
        };

        let host = checked_host(host, problems);
        let port = self.read_smtp_port(problems);
        let user = self
            .text_or_file("SMTP_USER", problems)
            .map(|user| user.trim().to_owned());
        let sender = self.read_sender(&host, user.as_deref(), problems);
        let login = self.read_login(user, problems);
        let trusted = self.read_trusted(problems);

        Some(SmtpConfig {
            host,
            port,
            login,
            sender: sender?,
            trusted,
        })
    }

    /// Reads the login. A name without a password, or the reverse, is a mistake.
    fn read_login(&self, user: Option<String>, problems: &mut Vec<Problem>) -> Option<SmtpLogin> {
        let (set, missing) = match (user, self.text_or_file("SMTP_PASS", problems)) {
            (Some(user), Some(password)) => {
                let password = Secret::new(password);
                return Some(SmtpLogin { user, password });
            }
            (None, None) => return None,
            (Some(_), None) => ("SMTP_USER", "SMTP_PASS"),
            (None, Some(_)) => ("SMTP_PASS", "SMTP_USER"),
        };

        let wrong = format!("is set and {missing} is not");
        let remedy = format!("set {missing} as well, or neither of them");
        problems.push(problem(set, &wrong, &remedy));
        None
    }

    fn read_smtp_port(&self, problems: &mut Vec<Problem>) -> Option<u16> {
        let given = self.text("SMTP_PORT", problems)?;
        let port = given.parse().ok().filter(|port| *port > 0);
        if port.is_none() {
            let wrong = format!("{} is not a port", quoted(given));
            problems.push(problem(
                "SMTP_PORT",
                &wrong,
                "write a number from 1 to 65535, such as `587`",
            ));
        }

        port
    }

    fn read_sender(
        &self,
        host: &str,
        user: Option<&str>,
        problems: &mut Vec<Problem>,
    ) -> Option<Mailbox> {
        let name = self
            .text("SMTP_SENDER_NAME", problems)
            .unwrap_or(DEFAULT_NAME)
            .to_owned();

        let address = match self.text("SMTP_SENDER", problems) {
            Some(given) => {
                address::parse(given).map_err(|wrong| format!("{} {wrong}", quoted(given)))
            }
            None => match user.and_then(|user| address::parse(user).ok()) {
                Some(address) => Ok(address),
                None if is_loopback(host) => {
                    Address::new("job-scanner", "localhost").map_err(|e| e.to_string())
                }
                None => Err("is not set, and SMTP_USER is not a mail address".to_owned()),
            },
        };

        match address {
            Ok(address) => Some(Mailbox::new(
                Some(sender_name(name, &address, problems)),
                address,
            )),
            Err(wrong) => {
                let remedy = "write the address of the sender, such as `me@example.com`";
                problems.push(problem("SMTP_SENDER", &wrong, remedy));
                None
            }
        }
    }

    fn read_trusted(&self, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
        let file = self.file("SMTP_CA_FILE", problems)?;
        let path = &file.to_string_lossy();
        let wrong = match regular_file::read(&file, MAX_CA_FILE_BYTES) {
            // A file without certificates parses as an empty list.
            Ok(pem) if contains_certificates(&pem) => return Some(pem),
            Ok(_) => format!("{} contains no valid certificates", quoted(path)),
            Err(error) => format!("{} cannot be read: {error}", quoted(path)),
        };

        problems.push(problem(
            "SMTP_CA_FILE",
            &wrong,
            "name a PEM file with the certificates to trust",
        ));
        None
    }

    /// Returns the value of a variable, or of the file that the variable with the suffix `_FILE`
    /// names. The value is unchanged, except that line breaks at the end of the file are removed.
    fn text_or_file(&self, name: &str, problems: &mut Vec<Problem>) -> Option<String> {
        let in_file = format!("{name}_FILE");
        let given = self.exact_text(name, problems).map(str::to_owned);
        let Some(file) = self.file(&in_file, problems) else {
            return given;
        };

        if given.is_some() {
            let wrong = format!("is set, and so is {name}");
            problems.push(problem(&in_file, &wrong, "keep one of them"));
            return given;
        }

        let path = &file.to_string_lossy();
        match regular_file::read_text(&file, MAX_VALUE_FILE_BYTES) {
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']);
                if text.is_empty() {
                    let wrong = format!("names {}, which is empty", quoted(path));
                    let remedy = format!("write the value into it, or unset {in_file}");
                    problems.push(problem(&in_file, &wrong, &remedy));
                }
                Some(text.to_owned())
            }
            Err(error) => {
                let wrong = format!("{} cannot be read: {error}", quoted(path));
                let remedy = "name a file that contains only the value";
                problems.push(problem(&in_file, &wrong, remedy));
                None
            }
        }
    }
}

/// Returns the host in the form that connections use. If it is not a host, reports a problem and
/// returns it unchanged.
fn checked_host(host: String, problems: &mut Vec<Problem>) -> String {
    normalized_host(&host).unwrap_or_else(|| {
        let wrong = format!("{} is not a host", quoted(&host));
        let remedy = "write a name or an address, and the port in SMTP_PORT";
        problems.push(problem("SMTP_HOST", &wrong, remedy));
        host
    })
}

/// Returns the name. If it cannot be written next to the address in a message, reports a problem
/// and returns the default name.
fn sender_name(name: String, address: &Address, problems: &mut Vec<Problem>) -> String {
    let fits = name.chars().count() <= MAX_NAME_CHARACTERS && !name.chars().any(char::is_control);
    if fits && address::can_be_written(&Mailbox::new(Some(name.clone()), address.clone())) {
        return name;
    }

    let remedy = format!(
        "write one line of at most {MAX_NAME_CHARACTERS} characters, such as `Job scanner`"
    );
    problems.push(problem(
        "SMTP_SENDER_NAME",
        "cannot be used in a message",
        &remedy,
    ));

    DEFAULT_NAME.to_owned()
}

/// Returns true if the file contains at least one certificate and all of them can be parsed.
fn contains_certificates(pem: &[u8]) -> bool {
    let mut certificates = CertificateDer::pem_slice_iter(pem).peekable();
    certificates.peek().is_some() && certificates.all(|certificate| certificate.is_ok())
}

/// Returns the host in the form that connections and certificates use: in ASCII, and an IP address
/// without brackets. `None` if it is not a host.
fn normalized_host(host: &str) -> Option<String> {
    if host.parse::<IpAddr>().is_ok() {
        return Some(host.to_owned());
    }

    match url::Host::parse(host).ok()? {
        url::Host::Domain(_) if host.is_ascii() => Some(host.to_owned()),
        url::Host::Domain(in_ascii) => Some(in_ascii),
        url::Host::Ipv4(address) => Some(address.to_string()),
        url::Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read<const N: usize>(variables: [(&str, &str); N]) -> (Option<SmtpConfig>, Vec<String>) {
        let mut problems = Vec::new();
        let smtp = Environment::from_iter(variables).read_smtp(&mut problems);
        (smtp, problems.iter().map(Problem::to_string).collect())
    }

    #[test]
    fn a_login_without_a_host_is_rejected() {
        assert_eq!(
            read([("SMTP_HOST", ""), ("SMTP_PORT", "587")]),
            (None, vec![])
        );
        let remedy = "set SMTP_HOST as well, or remove SMTP_USER to have mail written to files";
        let message = format!("environment: SMTP_USER: is set and SMTP_HOST is not; {remedy}");
        assert_eq!(
            read([("SMTP_USER", "jo@example.com"), ("SMTP_PASS", "marker")]),
            (None, vec![message])
        );
    }

    #[test]
    fn the_sender_is_the_user_unless_another_is_named() {
        let login = [
            ("SMTP_HOST", "mail.example"),
            ("SMTP_USER", "jo@example.com"),
            ("SMTP_PASS", "marker"),
        ];
        let (smtp, problems) = read(login);
        let smtp = smtp.unwrap();
        assert_eq!(
            (smtp.sender.to_string().as_str(), problems.len()),
            ("job-scanner <jo@example.com>", 0)
        );
        assert_eq!(smtp.login.as_ref().unwrap().password.expose(), "marker");
        assert!(!format!("{smtp:?}").contains("marker"));

        let [host, user, password] = login;
        let named = [
            host,
            user,
            password,
            ("SMTP_SENDER", "jobs@example.com"),
            ("SMTP_SENDER_NAME", "Jobs"),
        ];
        assert_eq!(
            read(named).0.unwrap().sender.to_string(),
            "Jobs <jobs@example.com>"
        );
        assert_eq!(
            read([("SMTP_HOST", "127.0.0.1")])
                .0
                .unwrap()
                .sender
                .to_string(),
            "job-scanner <job-scanner@localhost>"
        );
    }

    #[test]
    fn a_sender_that_cannot_be_used_in_a_message_is_rejected() {
        let server = ("SMTP_HOST", "127.0.0.1");
        for (name, value) in [
            ("SMTP_SENDER", "me@[192.168.1.5]"),
            ("SMTP_SENDER", "\"a b\"@example.com"),
            ("SMTP_SENDER_NAME", "Jobs\r\nBcc: kim@example.com"),
            ("SMTP_SENDER_NAME", "Jobs\nof the day"),
            ("SMTP_SENDER_NAME", &"j".repeat(201)),
        ] {
            let (_, problems) = read([server, (name, value)]);
            assert_eq!(problems.len(), 1, "{value}: {problems:?}");
            assert!(
                problems[0].starts_with(&format!("environment: {name}: ")),
                "{problems:?}"
            );
        }
        for name in [
            "Jobs (daily)",
            "Jöbs, Inc. <news>",
            "\"Jobs\"",
            &"j".repeat(200),
            &"ö ".repeat(99),
        ] {
            let (smtp, problems) = read([server, ("SMTP_SENDER_NAME", name)]);
            assert_eq!(problems, [""; 0], "{name}");
            assert_eq!(smtp.unwrap().sender.name.as_deref(), Some(name.trim()));
        }
    }

    #[test]
    fn a_host_is_normalized_for_connections() {
        for (given, host, loopback) in [
            ("mail.example", "mail.example", false),
            ("[::1]", "::1", true),
            ("mail.bücher.example", "mail.xn--bcher-kva.example", false),
        ] {
            let smtp = read([("SMTP_HOST", given), ("SMTP_SENDER", "me@example.com")])
                .0
                .unwrap();
            assert_eq!((smtp.host.as_str(), smtp.is_loopback()), (host, loopback));
        }
    }

    #[test]
    fn a_value_can_be_read_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, "marker\n").unwrap();
        let path = path.to_str().unwrap();
        let given = [
            ("SMTP_HOST", "mail.example"),
            ("SMTP_USER", "jo@example.com"),
            ("SMTP_PASS_FILE", path),
        ];
        let (smtp, problems) = read(given);
        assert_eq!(problems, [""; 0]);
        assert_eq!(smtp.unwrap().login.unwrap().password.expose(), "marker");
    }

    #[test]
    fn every_invalid_variable_is_reported_with_a_correction() {
        let (_, problems) = read([
            ("SMTP_HOST", "mail.example:587"),
            ("SMTP_PORT", "0"),
            ("SMTP_USER", "apikey"),
            ("SMTP_PASS", "marker"),
            ("SMTP_PASS_FILE", "/nowhere"),
            ("SMTP_CA_FILE", "/nowhere"),
        ]);
        assert_eq!(
            problems,
            [
                "environment: SMTP_HOST: `mail.example:587` is not a host; write a name or an address, and the port in SMTP_PORT",
                "environment: SMTP_PORT: `0` is not a port; write a number from 1 to 65535, such as `587`",
                "environment: SMTP_SENDER: is not set, and SMTP_USER is not a mail address; write the address of the \
                 sender, such as `me@example.com`",
                "environment: SMTP_PASS_FILE: is set, and so is SMTP_PASS; keep one of them",
                "environment: SMTP_CA_FILE: `/nowhere` cannot be read: No such file or directory (os error 2); name a PEM \
                 file with the certificates to trust",
            ]
        );
    }

    #[test]
    fn a_password_is_sent_unencrypted_only_to_this_machine() {
        let login = |host| {
            [
                ("SMTP_HOST", host),
                ("SMTP_USER", "jo@example.com"),
                ("SMTP_PASS", "marker"),
            ]
        };
        for (host, refused) in [
            ("mail.example", true),
            ("localhost", false),
            ("127.0.0.1", false),
            ("::1", false),
        ] {
            let smtp = read(login(host)).0.unwrap();
            assert_eq!(
                smtp.login_problem(UseTls::Never).is_some(),
                refused,
                "{host}"
            );
            assert_eq!(smtp.login_problem(UseTls::Always), None, "{host}");
        }
    }
}

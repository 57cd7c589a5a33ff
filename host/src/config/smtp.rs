//! `SMTP_*` of the environment: the mail server, who logs in there, and who mail comes from.

use std::net::IpAddr;

use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::Certificate;

use super::email::UseTls;
use super::environment::{Environment, problem};
use super::named_file;
use super::problem::{Problem, quoted};
use crate::secret::Secret;

/// The bundle of a whole system has a tenth of it.
const LARGEST_CA_FILE: u64 = 4 << 20;
/// Names, passwords and tokens are far shorter.
const LARGEST_VALUE_FILE: u64 = 64 << 10;

/// The mail server and who we are there.
#[derive(Debug, Clone, PartialEq)]
pub struct SmtpConfig {
    /// `SMTP_HOST`: a name or an address.
    pub host: String,
    /// `SMTP_PORT`; `None` takes the usual one.
    pub port: Option<u16>,
    /// `SMTP_USER` and `SMTP_PASS`; `None` logs in nowhere.
    pub login: Option<SmtpLogin>,
    /// Who mail comes from: `SMTP_SENDER_NAME` with `SMTP_SENDER`, else with `SMTP_USER`.
    pub sender: Mailbox,
    /// `SMTP_CA_FILE`: certificates, as PEM, that are trusted beside those that the system trusts.
    pub trusted: Option<Vec<u8>>,
}

/// A name and its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpLogin {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl SmtpConfig {
    /// Whether the server is this machine, so that nobody listens on the way.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// What keeps a password from being sent for everybody to read.
    pub(super) fn problem_with(&self, use_tls: UseTls) -> Option<Problem> {
        let in_the_clear = use_tls == UseTls::Never && self.login.is_some() && !self.is_loopback();
        in_the_clear.then(|| {
            problem(
                "SMTP_USER",
                &format!("would log in at {} without encryption (`email.use_tls: false`)", quoted(&self.host)),
                "remove `use_tls: false` from the configuration, or SMTP_USER and SMTP_PASS from the environment",
            )
        })
    }
}

impl Environment {
    /// `None` without `SMTP_HOST`: mail goes to files then. A login without a server is a mistake.
    pub(crate) fn read_smtp(&self, problems: &mut Vec<Problem>) -> Option<SmtpConfig> {
        let Some(host) = self.text("SMTP_HOST", problems).map(str::to_owned) else {
            if self.text_or_file("SMTP_USER", problems).is_some() {
                let remedy = "set SMTP_HOST as well, or remove SMTP_USER to have mail written to files";
                problems.push(problem("SMTP_USER", "is set and SMTP_HOST is not", remedy));
            }
            return None;
        };
        if host.parse::<IpAddr>().is_err() && url::Host::parse(&host).is_err() {
            let wrong = format!("{} is no host", quoted(&host));
            problems.push(problem("SMTP_HOST", &wrong, "write a name or an address, and the port in SMTP_PORT"));
        }
        let port = self.read_smtp_port(problems);
        let user = self.text_or_file("SMTP_USER", problems).map(|user| user.trim().to_owned());
        let sender = self.read_sender(&host, user.as_deref(), problems);
        let login = match (user, self.text_or_file("SMTP_PASS", problems)) {
            (Some(user), Some(password)) => Some(SmtpLogin { user, password: Secret::new(password) }),
            (None, None) => None,
            (user, _) => {
                let (set, missing) =
                    if user.is_some() { ("SMTP_USER", "SMTP_PASS") } else { ("SMTP_PASS", "SMTP_USER") };
                let wrong = format!("is set and {missing} is not");
                problems.push(problem(set, &wrong, &format!("set {missing} as well, or neither of them")));
                None
            }
        };
        let trusted = self.read_trusted(problems);
        Some(SmtpConfig { host, port, login, sender: sender?, trusted })
    }

    fn read_smtp_port(&self, problems: &mut Vec<Problem>) -> Option<u16> {
        let given = self.text("SMTP_PORT", problems)?;
        let port = given.parse().ok().filter(|port| *port > 0);
        if port.is_none() {
            let wrong = format!("{} is no port", quoted(given));
            problems.push(problem("SMTP_PORT", &wrong, "write a number from 1 to 65535, such as `587`"));
        }
        port
    }

    fn read_sender(&self, host: &str, user: Option<&str>, problems: &mut Vec<Problem>) -> Option<Mailbox> {
        let name = self.text("SMTP_SENDER_NAME", problems).unwrap_or("job-scanner").to_owned();
        let address = match self.text("SMTP_SENDER", problems) {
            Some(given) => given.parse::<Address>().map_err(|_| format!("{} is no mail address", quoted(given))),
            None => match user.and_then(|user| user.parse().ok()) {
                Some(address) => Ok(address),
                None if is_loopback(host) => Address::new("job-scanner", "localhost").map_err(|e| e.to_string()),
                None => Err("is not set, and SMTP_USER is no mail address either".to_owned()),
            },
        };
        match address {
            Ok(address) => Some(Mailbox::new(Some(name), address)),
            Err(wrong) => {
                let remedy = "write the address that mail comes from, such as `me@example.com`";
                problems.push(problem("SMTP_SENDER", &wrong, remedy));
                None
            }
        }
    }

    fn read_trusted(&self, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
        let file = self.file("SMTP_CA_FILE", problems)?;
        let path = &file.to_string_lossy();
        let wrong = match named_file::read(&file, LARGEST_CA_FILE) {
            // A file without any certificate parses as none.
            Ok(pem) if Certificate::from_pem(&pem).is_ok() && contains_certificate(&pem) => return Some(pem),
            Ok(_) => format!("{} holds no certificate", quoted(path)),
            Err(error) => format!("{} cannot be read: {error}", quoted(path)),
        };
        problems.push(problem("SMTP_CA_FILE", &wrong, "name a PEM file with the certificates to trust"));
        None
    }

    /// The value of a variable, or of the file that the variable with `_FILE` at its end names; to the letter, but for
    /// the file's last line ends.
    fn text_or_file(&self, name: &str, problems: &mut Vec<Problem>) -> Option<String> {
        let in_file = format!("{name}_FILE");
        let given = self.exact_text(name, problems).map(str::to_owned);
        let Some(file) = self.file(&in_file, problems) else { return given };
        let path = &file.to_string_lossy();
        if given.is_some() {
            problems.push(problem(&in_file, &format!("is set beside {name}"), "keep one of the two"));
            return given;
        }
        match named_file::read_text(&file, LARGEST_VALUE_FILE) {
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']);
                if text.is_empty() {
                    let wrong = format!("names {}, which is empty", quoted(path));
                    problems.push(problem(&in_file, &wrong, &format!("write the value into it, or unset {in_file}")));
                }
                Some(text.to_owned())
            }
            Err(error) => {
                let wrong = format!("{} cannot be read: {error}", quoted(path));
                problems.push(problem(&in_file, &wrong, "name a file that holds the value alone"));
                None
            }
        }
    }
}

fn contains_certificate(pem: &[u8]) -> bool {
    String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----")
}

fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
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
    fn without_a_host_there_is_no_server_and_nothing_to_log_in_at() {
        assert_eq!(read([("SMTP_HOST", ""), ("SMTP_PORT", "587")]), (None, vec![]));
        let remedy = "set SMTP_HOST as well, or remove SMTP_USER to have mail written to files";
        let told = format!("environment: SMTP_USER: is set and SMTP_HOST is not; {remedy}");
        assert_eq!(read([("SMTP_USER", "jo@example.com"), ("SMTP_PASS", "marker")]), (None, vec![told]));
    }

    #[test]
    fn mail_comes_from_the_user_unless_a_sender_is_named() {
        let login = [("SMTP_HOST", "mail.example"), ("SMTP_USER", "jo@example.com"), ("SMTP_PASS", "marker")];
        let (smtp, problems) = read(login);
        let smtp = smtp.unwrap();
        assert_eq!((smtp.sender.to_string().as_str(), problems.len()), ("job-scanner <jo@example.com>", 0));
        assert_eq!(smtp.login.as_ref().unwrap().password.expose(), "marker");
        assert!(!format!("{smtp:?}").contains("marker"));

        let [host, user, password] = login;
        let named = [host, user, password, ("SMTP_SENDER", "jobs@example.com"), ("SMTP_SENDER_NAME", "Jobs")];
        assert_eq!(read(named).0.unwrap().sender.to_string(), "Jobs <jobs@example.com>");
        assert_eq!(
            read([("SMTP_HOST", "127.0.0.1")]).0.unwrap().sender.to_string(),
            "job-scanner <job-scanner@localhost>"
        );
    }

    #[test]
    fn a_value_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, "marker\n").unwrap();
        let path = path.to_str().unwrap();
        let given = [("SMTP_HOST", "mail.example"), ("SMTP_USER", "jo@example.com"), ("SMTP_PASS_FILE", path)];
        let (smtp, problems) = read(given);
        assert_eq!(problems, [""; 0]);
        assert_eq!(smtp.unwrap().login.unwrap().password.expose(), "marker");
    }

    #[test]
    fn every_wrong_variable_is_named_with_what_to_write() {
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
                "environment: SMTP_HOST: `mail.example:587` is no host; write a name or an address, and the port in SMTP_PORT",
                "environment: SMTP_PORT: `0` is no port; write a number from 1 to 65535, such as `587`",
                "environment: SMTP_SENDER: is not set, and SMTP_USER is no mail address either; write the address that \
                 mail comes from, such as `me@example.com`",
                "environment: SMTP_PASS_FILE: is set beside SMTP_PASS; keep one of the two",
                "environment: SMTP_CA_FILE: `/nowhere` cannot be read: No such file or directory (os error 2); name a PEM \
                 file with the certificates to trust",
            ]
        );
    }

    #[test]
    fn a_password_is_sent_in_the_clear_to_this_machine_only() {
        let login = |host| [("SMTP_HOST", host), ("SMTP_USER", "jo@example.com"), ("SMTP_PASS", "marker")];
        for (host, refused) in [("mail.example", true), ("localhost", false), ("127.0.0.1", false), ("::1", false)] {
            let smtp = read(login(host)).0.unwrap();
            assert_eq!(smtp.problem_with(UseTls::Never).is_some(), refused, "{host}");
            assert_eq!(smtp.problem_with(UseTls::Always), None, "{host}");
        }
    }
}

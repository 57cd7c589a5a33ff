//! The login with a password: its page (`login`), and the checks of passwords (`logins`), of which
//! there are few at the same time and few for each client (`rate`).

mod login;
mod logins;
pub(crate) mod password;
mod rate;
#[cfg(test)]
mod tests;

pub(crate) use login::routes;
pub(crate) use logins::Logins;

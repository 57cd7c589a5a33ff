//! A database of a server. `psql` runs its statements, so that this crate needs no driver.

use std::ffi::OsStr;

use crate::server::{PostgresServer, USER};

/// A database that is dropped with its value, together with its connections.
#[derive(Debug)]
pub struct Database<'a> {
    server: &'a PostgresServer,
    name: String,
}

impl<'a> Database<'a> {
    pub(crate) fn create(server: &'a PostgresServer, name: String, template: &str) -> Self {
        maintenance(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        Self { server, name }
    }

    /// Returns the address of the database, for `DATABASE_URL`.
    pub fn url(&self) -> String {
        let folder = self.server.folder().display();
        let port = self.server.port();
        format!(
            "postgres://{USER}@localhost:{port}/{}?host={folder}",
            self.name
        )
    }

    /// Returns the address of the database over TLS, at `localhost` or 127.0.0.1. The server was
    /// started with `tls`.
    pub fn url_at(&self, host: &str) -> String {
        let port = self.server.port();
        format!("postgres://{USER}@{host}:{port}/{}", self.name)
    }

    /// Returns the name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements in one transaction.
    ///
    /// # Panics
    ///
    /// If one fails.
    pub fn execute(&self, statements: &str) {
        if let Err(error) = self.try_execute(statements) {
            panic!("{error}");
        }
    }

    /// Runs statements in one transaction. Returns what `psql` prints: a line for each row, with
    /// tabs between values.
    ///
    /// # Errors
    ///
    /// The error of the statement that failed.
    pub fn try_execute(&self, statements: &str) -> Result<String, String> {
        run(
            self.server,
            &self.name,
            statements,
            &["--single-transaction"],
        )
    }

    /// Returns the values of the rows that a query selects, as text. NULL is empty.
    ///
    /// # Panics
    ///
    /// If the query fails.
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let printed = self.try_execute(query);
        let printed = printed.unwrap_or_else(|error| panic!("{error}"));
        let values = |line: &str| line.split('\t').map(str::to_owned).collect();
        printed.lines().map(values).collect()
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // The server may have been crashed by the test. Its folder is deleted in any case.
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        run(self.server, "postgres", &drop, &[]).ok();
    }
}

/// Runs a statement that cannot be in a transaction.
fn maintenance(server: &PostgresServer, statement: &str) {
    if let Err(error) = run(server, "postgres", statement, &[]) {
        panic!("{error}");
    }
}

/// Runs statements in the database of this name, and returns what `psql` prints.
pub(crate) fn run(
    server: &PostgresServer,
    database: &str,
    statements: &str,
    options: &[&str],
) -> Result<String, String> {
    let mut psql = server.program("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
        .args(["--no-align", "--tuples-only", "--field-separator=\t"])
        .args(options)
        .args([OsStr::new("--host"), server.folder().as_os_str()])
        .arg(format!("--port={}", server.port()))
        .args(["--username", USER, "--dbname", database])
        .args(["--command", statements])
        .env("PGOPTIONS", "--client-min-messages=warning");

    let ended = psql.output().map_err(|error| error.to_string())?;
    if ended.status.success() {
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&ended.stderr).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::shared;

    #[test]
    fn a_copy_has_the_rows_of_its_template_and_is_separate() {
        let Some(server) = shared() else { return };
        let template = server.create_database();
        template.execute("CREATE TABLE jobs (title TEXT, company TEXT)");
        template.execute("INSERT INTO jobs VALUES ('Cook', NULL)");

        let copy = server.copy_database(&template);
        copy.execute("INSERT INTO jobs VALUES ('Baker', 'Acme')");

        assert_eq!(
            copy.rows("SELECT title, company FROM jobs ORDER BY title"),
            [["Baker", "Acme"], ["Cook", ""]]
        );
        assert_eq!(template.rows("SELECT title FROM jobs"), [["Cook"]]);
    }

    #[test]
    fn a_failed_statement_undoes_those_before_it() {
        let Some(server) = shared() else { return };
        let database = server.create_database();

        let error = database.try_execute("CREATE TABLE jobs (); SELECT nothing");

        assert!(error.unwrap_err().contains("nothing"));
        database.try_execute("SELECT * FROM jobs").unwrap_err();
    }

    #[test]
    fn a_dropped_database_is_gone() {
        let Some(server) = shared() else { return };
        let keeper = server.create_database();
        let name = server.create_database().name().to_owned();

        let found = keeper.rows(&format!(
            "SELECT 1 FROM pg_database WHERE datname = '{name}'"
        ));

        assert_eq!(found, [[""; 0]; 0]);
    }
}

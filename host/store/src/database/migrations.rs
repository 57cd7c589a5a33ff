//! The migrations, which are the files of `migrations/`. They are part of the program.

use std::sync::LazyLock;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Returns each file's name with its text.
macro_rules! files_of {
    ($folder:literal: $($file:literal)+) => {
        &[$(($file, include_str!(concat!("../../../../migrations/", $folder, "/", $file)))),+]
    };
}

/// The migrations of SQLite.
pub(crate) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| migrator(SQLITE_FILES));

const SQLITE_FILES: &[(&str, &str)] = files_of!("sqlite":
    "0001_initial.sql"
    "0002_lifecycle.sql"
    "0003_rest.sql"
    "0004_uncertain_is_due.sql"
    "0005_details.sql"
    "0006_health_notices.sql"
    "0007_budgets.sql"
    "0008_second_thoughts.sql"
    "0009_tried_for.sql"
    "0010_parts.sql"
    "0011_listed_without_details.sql"
    "0012_losses.sql"
    "0013_new_ids.sql"
    "0014_matching_version.sql"
    "0015_facts.sql"
    "0016_clusters.sql"
    "0017_waiting_alerts.sql"
    "0018_decisions.sql"
    "0019_access_to_the_page.sql"
    "0020_text_by_company.sql"
    "0021_deliveries_by_hand.sql"
    "0022_paused_sources.sql"
);

fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = files.iter().filter_map(|(file, sql)| migration(file, sql));
    Migrator::with_migrations(migrations.collect())
}

/// Returns the migration in the file `NUMBER_DESCRIPTION.sql`; `None` for another name. A database
/// stores the number, the description, and a hash of the text.
fn migration(file: &str, sql: &'static str) -> Option<Migration> {
    let (number, description) = file.strip_suffix(".sql")?.split_once('_')?;
    Some(Migration::new(
        number.parse().ok()?,
        description.replace('_', " ").into(),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_file_is_a_migration() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/sqlite");
        let files = fs::read_dir(folder).unwrap();
        let mut files: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();

        let listed: Vec<&str> = SQLITE_FILES.iter().map(|(file, _)| *file).collect();
        assert_eq!(listed, files);

        let numbers: Vec<i64> = MIGRATIONS.iter().map(|it| it.version).collect();
        let expected: Vec<i64> = (1..).take(files.len()).collect();
        assert_eq!(numbers, expected);
    }
}

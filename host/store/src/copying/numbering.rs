//! The numbers up to which a table has given ids. They are more than the ids of its rows: an id is
//! never given again, also if its row was deleted.

use crate::copying::tables::Table;
use crate::driver::{Connection, Statement};

/// Returns the last id that the table has given; 0 if it has given none.
pub(super) async fn last_id(conn: &mut Connection, table: &Table) -> Result<i64, sqlx::Error> {
    let select = Statement::new("SELECT seq FROM sqlite_sequence WHERE name = $1");
    let last = select.bind(&table.name).fetch_optional_value(conn).await?;
    Ok(last.unwrap_or(0))
}

/// Makes the table give only ids after this one.
pub(super) async fn continue_after(
    conn: &mut Connection,
    table: &Table,
    last: i64,
) -> Result<(), sqlx::Error> {
    let forget = Statement::new("DELETE FROM sqlite_sequence WHERE name = $1");
    forget.bind(&table.name).execute(&mut *conn).await?;

    let note = Statement::new("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)");
    note.bind(&table.name).bind(last).execute(conn).await?;
    Ok(())
}

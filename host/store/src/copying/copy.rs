//! The copy: all rows in one transaction, which is committed once the copy has the same content.

use crate::copying::rows::{Reader, insert};
use crate::copying::tables::Table;
use crate::copying::{numbering, tables};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;

/// The size of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    pub tables: usize,
    pub rows: u64,
}

impl Store {
    /// Returns true if both are open on the same file, whatever its names.
    pub fn is_same_database(&self, other: &Self) -> bool {
        self.real_file() == other.real_file()
    }

    /// Copies all rows into another database, with their ids. Either the copy is complete, or the
    /// other database stays empty. The caller holds the run locks of both.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotEmpty`] when the other database has a row, [`StoreError::Different`] when
    /// a table of the copy does not have the same number of rows and the same hash.
    #[tracing::instrument(name = "store.database.copy", skip_all)]
    pub async fn copy_to(&self, other: &Self) -> Result<Copied, StoreError> {
        let tables = tables::all().await?;
        // A decision may be stored meanwhile. All tables are read as they are now.
        let mut from = self.readers().begin_reading().await?;
        let mut to = other.begin().await?;

        for table in &tables {
            check_empty(&mut to, table).await?;
        }

        let mut rows = 0;
        for table in &tables {
            rows += copy_table(&mut from, &mut to, table).await?;
        }
        to.commit().await?;

        Ok(Copied {
            tables: tables.len(),
            rows,
        })
    }
}

async fn check_empty(conn: &mut Connection, table: &Table) -> Result<(), StoreError> {
    let select = Statement::composed(format!("SELECT EXISTS (SELECT 1 FROM {})", table.name));
    if select.fetch_value(conn).await? {
        let table = table.name.clone();
        return Err(StoreError::NotEmpty { table });
    }

    Ok(())
}

/// Returns the number of rows.
async fn copy_table(
    from: &mut Connection,
    to: &mut Connection,
    table: &Table,
) -> Result<u64, StoreError> {
    let mut original = Reader::new(table);
    loop {
        let rows = original.page(from).await?;
        if rows.is_empty() {
            break;
        }
        insert(to, table, rows).await?;
    }

    if table.gives_ids {
        let last = numbering::last_id(from, table).await?;
        numbering::continue_after(to, table, last).await?;
    }

    // What the other database returns counts, not what it was sent.
    let mut copy = Reader::new(table);
    while !copy.page(to).await?.is_empty() {}

    let original = original.finish();
    if copy.finish() != original {
        let table = table.name.clone();
        return Err(StoreError::Different { table });
    }

    Ok(original.rows)
}

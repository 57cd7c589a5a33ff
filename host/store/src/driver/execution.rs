//! The execution of statements.

use std::borrow::Cow;

use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, FromRow, SqlSafeStr as _, SqlStr, Sqlite};

use crate::driver::connection::{Connection, Pool, Transaction};
use crate::driver::statement::Statement;
use crate::driver::value::Value;

/// A row that a statement returns.
pub(crate) trait Record: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

/// The place where a statement is executed.
#[derive(Debug)]
pub(crate) enum Target<'c> {
    Connection(&'c mut Connection),
    /// The next free connection of this pool.
    Pool(&'c Pool),
    /// A connection that was taken from a pool for one statement.
    Acquired(Connection),
}

impl<'c> From<&'c mut Connection> for Target<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        Self::Connection(connection)
    }
}

impl<'c> From<&'c mut Transaction> for Target<'c> {
    fn from(transaction: &'c mut Transaction) -> Self {
        Self::Connection(transaction)
    }
}

impl<'c> From<&'c Pool> for Target<'c> {
    fn from(pool: &'c Pool) -> Self {
        Self::Pool(pool)
    }
}

impl Target<'_> {
    /// Returns the connection to use. Waits for one if there is only a pool.
    async fn connection(&mut self) -> Result<&mut Connection, sqlx::Error> {
        if let Self::Pool(pool) = self {
            *self = Self::Acquired(pool.acquire().await?);
        }

        match self {
            Self::Connection(connection) => Ok(connection),
            Self::Acquired(connection) => Ok(connection),
            Self::Pool(_) => Err(sqlx::Error::PoolClosed),
        }
    }
}

impl Statement<'_> {
    /// Executes the statement and returns the number of rows that it wrote.
    pub(crate) async fn execute<'c>(self, on: impl Into<Target<'c>>) -> Result<u64, sqlx::Error> {
        let mut target = on.into();
        match target.connection().await? {
            Connection::Sqlite(held) => {
                let (text, arguments) = self.for_sqlite()?;
                let statement = sqlx::query_with::<Sqlite, _>(text, arguments);
                Ok(statement.execute(&mut **held).await?.rows_affected())
            }
        }
    }

    /// Returns all rows.
    pub(crate) async fn fetch_all<'c, R: Record>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<Vec<R>, sqlx::Error> {
        let mut target = on.into();
        match target.connection().await? {
            Connection::Sqlite(held) => {
                let (text, arguments) = self.for_sqlite()?;
                let statement = sqlx::query_as_with::<Sqlite, R, _>(text, arguments);
                statement.fetch_all(&mut **held).await
            }
        }
    }

    /// Returns the first row; `None` if there is none.
    pub(crate) async fn fetch_optional<'c, R: Record>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<Option<R>, sqlx::Error> {
        let mut target = on.into();
        match target.connection().await? {
            Connection::Sqlite(held) => {
                let (text, arguments) = self.for_sqlite()?;
                let statement = sqlx::query_as_with::<Sqlite, R, _>(text, arguments);
                statement.fetch_optional(&mut **held).await
            }
        }
    }

    /// Returns the first row.
    ///
    /// # Errors
    ///
    /// Also when there is none.
    pub(crate) async fn fetch_one<'c, R: Record>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<R, sqlx::Error> {
        let row = self.fetch_optional(on).await?;
        row.ok_or(sqlx::Error::RowNotFound)
    }

    /// Returns the first column of all rows.
    pub(crate) async fn fetch_values<'c, T>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<Vec<T>, sqlx::Error>
    where
        (T,): Record,
    {
        let rows: Vec<(T,)> = self.fetch_all(on).await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// Returns the first column of the first row; `None` if there is no row.
    pub(crate) async fn fetch_optional_value<'c, T>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<Option<T>, sqlx::Error>
    where
        (T,): Record,
    {
        let row: Option<(T,)> = self.fetch_optional(on).await?;
        Ok(row.map(|(value,)| value))
    }

    /// Returns the first column of the first row.
    ///
    /// # Errors
    ///
    /// Also when there is no row.
    pub(crate) async fn fetch_value<'c, T>(
        self,
        on: impl Into<Target<'c>>,
    ) -> Result<T, sqlx::Error>
    where
        (T,): Record,
    {
        let (value,): (T,) = self.fetch_one(on).await?;
        Ok(value)
    }

    /// Returns the rows one at a time, for a result that may be larger than memory.
    pub(crate) fn stream<'c, R: Record + 'c>(
        self,
        pool: &'c Pool,
    ) -> BoxStream<'c, Result<R, sqlx::Error>> {
        match pool {
            Pool::Sqlite(pool) => match self.for_sqlite() {
                Ok((text, arguments)) => {
                    sqlx::query_as_with::<Sqlite, R, _>(text, arguments).fetch(pool)
                }
                Err(error) => stream::once(async { Err(error) }).boxed(),
            },
        }
    }

    fn for_sqlite(self) -> Result<(SqlStr, SqliteArguments), sqlx::Error> {
        let mut arguments = SqliteArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            add_to_sqlite(&mut arguments, value)?;
        }

        Ok((AssertSqlSafe(self.text).into_sql_str(), arguments))
    }
}

fn add_to_sqlite(arguments: &mut SqliteArguments, value: Value<'_>) -> Result<(), sqlx::Error> {
    let added = match value {
        Value::Integer(number) => arguments.add(number),
        Value::Boolean(flag) => arguments.add(flag),
        Value::Text(text) => arguments.add(text.map(Cow::into_owned)),
        Value::Bytes(bytes) => arguments.add(bytes.map(Cow::into_owned)),
    };

    added.map_err(sqlx::Error::Encode)
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;
    use sqlx::Connection as _;

    use super::*;
    use crate::test_support::{count, store};

    type Values = (Option<i64>, Option<bool>, Option<String>, Option<Vec<u8>>);

    #[tokio::test]
    async fn values_and_nulls_of_every_type_are_bound_and_read() {
        let store = store().await;
        let some: Values = (
            Some(i64::MIN),
            Some(true),
            Some("Zoë's \"job\"?".to_owned()),
            Some(vec![0, 255]),
        );
        for values in [some, (None, None, None, None)] {
            let (number, flag, text, bytes) = &values;
            let statement = Statement::new("SELECT $1, $2, $3, $4")
                .bind(*number)
                .bind(*flag)
                .bind(text)
                .bind(bytes.as_deref());
            let read: Values = statement.fetch_one(store.readers()).await.unwrap();
            assert_eq!(read, values);
        }
    }

    #[tokio::test]
    async fn a_statement_runs_on_a_pool_a_connection_and_a_transaction() {
        let store = store().await;
        let insert = || Statement::new("INSERT INTO runs (trigger, started_at) VALUES ('x', '')");
        assert_eq!(insert().execute(store.writer()).await.unwrap(), 1);

        let mut connection = store.writer().acquire().await.unwrap();
        assert_eq!(insert().execute(&mut connection).await.unwrap(), 1);
        drop(connection);

        let mut tx = store.begin().await.unwrap();
        assert_eq!(insert().execute(&mut tx).await.unwrap(), 1);
        tx.rollback().await.unwrap();
        assert_eq!(count(&store, "runs").await, 2);
    }

    #[tokio::test]
    async fn a_result_without_rows_is_none_or_an_error() {
        let store = store().await;
        let none = || Statement::new("SELECT run_id FROM runs");
        let found: Option<i64> = none().fetch_optional_value(store.readers()).await.unwrap();
        assert_eq!(found, None);
        let failed = none().fetch_value::<i64>(store.readers()).await;
        assert!(
            matches!(failed, Err(sqlx::Error::RowNotFound)),
            "{failed:?}"
        );
        let rows = none().stream::<(i64,)>(store.readers());
        let rows: Vec<_> = rows.try_collect().await.unwrap();
        assert!(rows.is_empty());
    }

    #[tokio::test]
    async fn a_text_is_prepared_once_for_a_connection() {
        let store = store().await;
        let mut connection = store.readers().acquire().await.unwrap();
        let mut prepared = Vec::new();
        for number in [1, 2, 3] {
            let mut statement = Statement::new("SELECT run_id FROM runs WHERE run_id IN (");
            statement.push_list([number, 7]);
            let runs: Vec<i64> = statement.fetch_values(&mut connection).await.unwrap();
            assert!(runs.is_empty());
            let Connection::Sqlite(held) = &connection;
            prepared.push(held.cached_statements_size());
        }
        assert_eq!(prepared[1..], [prepared[0]; 2]);
    }
}

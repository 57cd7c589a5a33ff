//! Pools, connections and transactions of a database.

use std::ops::{Deref, DerefMut};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Database, Sqlite};

/// Connections to one database. Cheap to clone: clones share the connections.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
}

/// A connection to a database, which goes back to its pool when it is dropped.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(Held<Sqlite>),
}

/// A transaction. It is rolled back when it is dropped without [`commit`](Self::commit).
#[derive(Debug)]
pub(crate) struct Transaction(Connection);

/// A connection on loan from a pool.
#[derive(Debug)]
pub(crate) enum Held<DB: Database> {
    /// Each statement is committed by itself.
    Alone(PoolConnection<DB>),
    /// All statements are committed together.
    Transaction(sqlx::Transaction<'static, DB>),
}

impl Pool {
    /// Waits for a free connection.
    pub(crate) async fn acquire(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool
                .acquire()
                .await
                .map(Held::Alone)
                .map(Connection::Sqlite),
        }
    }

    /// Begins a transaction that may write. It takes the lock for writing at once. Therefore the
    /// rows that it reads cannot change before it writes, and it cannot fail later for lack of the
    /// lock.
    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        let connection = match self {
            Self::Sqlite(pool) => pool
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map(Held::Transaction)
                .map(Connection::Sqlite),
        };

        connection.map(Transaction)
    }

    /// Begins a transaction that only reads. All that it reads belongs to one state of the database.
    pub(crate) async fn begin_reading(&self) -> Result<Transaction, sqlx::Error> {
        let connection = match self {
            Self::Sqlite(pool) => pool
                .begin()
                .await
                .map(Held::Transaction)
                .map(Connection::Sqlite),
        };

        connection.map(Transaction)
    }

    /// Waits for running statements and closes all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
        }
    }

    /// Returns true if the pool is closed.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite(pool) => pool.is_closed(),
        }
    }
}

impl Connection {
    /// Runs the pending ones among the migrations.
    pub(crate) async fn migrate(&mut self, migrations: &Migrator) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(held) => migrations.run_direct(None, &mut **held, false).await,
        }
    }
}

impl Transaction {
    /// Makes everything that the transaction wrote visible to other connections.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self.0 {
            Connection::Sqlite(held) => held.commit().await,
        }
    }

    /// Undoes everything that the transaction wrote, and waits until that is done.
    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.0 {
            Connection::Sqlite(held) => held.rollback().await,
        }
    }
}

impl<DB: Database> Held<DB> {
    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Alone(_) => Ok(()),
            Self::Transaction(transaction) => transaction.commit().await,
        }
    }

    async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Alone(_) => Ok(()),
            Self::Transaction(transaction) => transaction.rollback().await,
        }
    }
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Alone(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Alone(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

//! The `delivery_operations` table: who did what with a delivery, and when. Rows are only added.

use jiff::Timestamp;
use job_scanner_core::words;
use job_scanner_core::words::OnRecord;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::decision::changes::Author;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::DeliveryId;

words! {
    /// An operation of a person on a delivery.
    pub enum Operation: "an operation on a delivery" {
        /// It is due now, under the same id.
        Retried = "retried",
        /// It is never sent.
        Dropped = "dropped",
        /// Its content goes through another channel.
        Moved = "moved",
    }
}

words! {
    /// The result of an operation on one delivery.
    pub enum OperationResult: "the result of an operation" {
        /// The operation was done and recorded.
        Done = "done",
        /// No delivery has this id.
        Unknown = "unknown",
        /// A process is sending it, so nothing was changed.
        Leased = "leased",
        /// It was sent before, so nothing was changed.
        Sent = "sent",
        /// It was skipped, withdrawn, dropped or moved before, so nothing was changed.
        Ended = "ended",
        /// Its jobs or sources were deleted since, so there is nothing to send.
        Empty = "empty",
    }
}

/// An operation that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOperation {
    pub operation: OnRecord<Operation>,
    /// The reason of a drop, the channel of a move; `None` of a retry.
    pub detail: Option<String>,
    pub done_at: Timestamp,
    pub author: Author,
}

/// The columns of a delivery that decide what an operation may do.
#[derive(FromRow)]
struct StateRow {
    state: String,
    is_leased: bool,
    is_ended: bool,
}

#[derive(FromRow)]
struct OperationRow {
    operation_id: i64,
    operation: String,
    detail: Option<String>,
    done_at: String,
    done_by: String,
    host: String,
}

/// Returns the reason for which a delivery may not be changed; `None` if it may.
pub(super) async fn obstacle(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<Option<OperationResult>, StoreError> {
    let row: Option<StateRow> = Statement::new(
        "SELECT state, lease_token IS NOT NULL AND next_attempt_at IS NOT NULL AS is_leased,
             state = 'skipped' OR ended_as IS NOT NULL AS is_ended
         FROM deliveries WHERE delivery_id = $1",
    )
    .bind(delivery)
    .fetch_optional(conn)
    .await?;

    Ok(match row {
        None => Some(OperationResult::Unknown),
        Some(row) if row.state == "sent" => Some(OperationResult::Sent),
        Some(row) if row.is_ended => Some(OperationResult::Ended),
        Some(row) if row.is_leased => Some(OperationResult::Leased),
        Some(_) => None,
    })
}

/// Records an operation.
pub(super) async fn record(
    conn: &mut Connection,
    delivery: DeliveryId,
    operation: Operation,
    detail: Option<&str>,
    author: &Author,
    now: Timestamp,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO delivery_operations (delivery_id, operation, detail, done_at, done_by, host)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(delivery)
    .bind(operation.as_str())
    .bind(detail)
    .bind(time(now))
    .bind(&author.user)
    .bind(&author.host)
    .execute(conn)
    .await?;
    Ok(())
}

/// Returns the operations on a delivery, oldest first.
pub(crate) async fn of_delivery(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<Vec<PastOperation>, StoreError> {
    let rows = Statement::new(
        "SELECT operation_id, operation, detail, done_at, done_by, host FROM delivery_operations
         WHERE delivery_id = $1 ORDER BY operation_id",
    );
    let rows = rows.bind(delivery).fetch_all::<OperationRow>(conn).await?;
    rows.into_iter().map(PastOperation::try_from).collect()
}

impl TryFrom<OperationRow> for PastOperation {
    type Error = StoreError;

    fn try_from(row: OperationRow) -> Result<Self, StoreError> {
        let place = Row::new("delivery_operations", row.operation_id);
        Ok(Self {
            operation: OnRecord::read(&row.operation),
            detail: row.detail,
            done_at: place.parse("done_at", &row.done_at)?,
            author: Author {
                user: row.done_by,
                host: row.host,
            },
        })
    }
}

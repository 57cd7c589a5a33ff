//! The company of jobs whose board names none: it follows the name of their source.

use job_scanner_core::vacancy::company_key;

use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;

/// Gives the jobs of a source whose board names no company the source's name as their company. Call
/// it when the source may have another name.
pub(crate) async fn follow_name(
    conn: &mut Connection,
    source: SourceId,
    name: &str,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE cluster_jobs SET company = $1
         WHERE company <> $1 AND job_id IN (
             SELECT j.job_id FROM jobs j
             JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
             WHERE j.source_id = $2 AND v.company IS NULL)",
    )
    .bind(company_key(name))
    .bind(source)
    .execute(conn)
    .await?;
    Ok(())
}

//! Limits the size of response bodies, which are counted after decompression while they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use job_scanner_core::adapter::Limits;

use crate::budgets::in_flight::Reservation;
use crate::http::response::ArrivingResponse;
use crate::http::types::HttpError;

/// The most memory that is allocated for a body in advance, whatever its announced length.
const MAX_INITIAL_CAPACITY: u64 = 1024 * 1024;

/// The limits for the bodies of one scan, and the bytes that count against them.
#[derive(Debug)]
pub(crate) struct BodyBudget {
    max_each: u64,
    max_held: u64,
    max_in_all: u64,
    /// The bytes that the guest has not received yet.
    held: AtomicU64,
    most_held: AtomicU64,
    in_all: AtomicU64,
    /// The same bytes as `held`, counted in the budget of all scans.
    reservation: Arc<Reservation>,
}

impl BodyBudget {
    pub(crate) fn new(limits: &Limits, reservation: Arc<Reservation>) -> Self {
        Self {
            max_each: limits.response_bytes,
            max_held: limits.responses_held_bytes,
            max_in_all: limits.responses_scan_bytes,
            held: AtomicU64::new(0),
            most_held: AtomicU64::new(0),
            in_all: AtomicU64::new(0),
            reservation,
        }
    }

    /// Releases the bodies of earlier calls, which the guest has received.
    pub(crate) fn release_delivered(&self) {
        self.reservation
            .release(self.held.swap(0, Ordering::Relaxed));
    }

    /// Waits until there is room for another body in the budget of all scans.
    pub(crate) async fn wait_for_room(&self) {
        self.reservation.wait_for_room().await;
    }

    /// Returns the number of bytes that were read in this scan so far.
    pub(crate) fn read_in_all(&self) -> u64 {
        self.in_all.load(Ordering::Relaxed)
    }

    /// Returns the most bytes that this scan held at any time, at most the limit.
    pub(crate) fn most_held(&self) -> u64 {
        self.most_held.load(Ordering::Relaxed)
    }

    /// Reads a body as it arrives, and stops at the first byte over a limit. The headers count as
    /// held too.
    pub(crate) async fn read(
        &self,
        response: &mut ArrivingResponse,
    ) -> Result<HeldBody<'_>, HttpError> {
        let announced = response
            .announced_bytes()
            .min(self.max_each)
            .min(MAX_INITIAL_CAPACITY);

        let mut body = HeldBody {
            bytes: Vec::with_capacity(usize::try_from(announced).unwrap_or(0)),
            held: 0,
            all: self,
        };

        let headers: usize = response
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        body.hold(headers as u64)?;

        response.read(|part| body.append(part)).await?;
        Ok(body)
    }
}

fn check(bytes: u64, limit: u64) -> Result<(), HttpError> {
    if bytes > limit {
        Err(HttpError::TooLarge(limit))
    } else {
        Ok(())
    }
}

/// A body that counts as held until it is dropped, or until the end of the guest's call if it was
/// taken.
#[derive(Debug)]
pub(crate) struct HeldBody<'b> {
    pub(crate) bytes: Vec<u8>,
    held: u64,
    all: &'b BodyBudget,
}

impl HeldBody<'_> {
    fn append(&mut self, part: &[u8]) -> Result<(), HttpError> {
        let read = part.len() as u64;
        check(self.bytes.len() as u64 + read, self.all.max_each)?;
        self.hold(read)?;
        let in_all = self.all.in_all.fetch_add(read, Ordering::Relaxed) + read;
        check(in_all, self.all.max_in_all)?;

        self.bytes.extend_from_slice(part);
        Ok(())
    }

    fn hold(&mut self, bytes: u64) -> Result<(), HttpError> {
        // The bytes are counted before any check can fail, because `drop` subtracts them in every
        // case.
        self.held += bytes;
        self.all.reservation.hold(bytes);

        let held = self.all.held.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let as_far_as_allowed = held.min(self.all.max_held);
        self.all
            .most_held
            .fetch_max(as_far_as_allowed, Ordering::Relaxed);
        check(held, self.all.max_held)
    }

    /// Takes the bytes for the guest. They remain counted as held.
    pub(crate) fn take(mut self) -> Vec<u8> {
        self.held = 0;
        std::mem::take(&mut self.bytes)
    }
}

impl Drop for HeldBody<'_> {
    fn drop(&mut self) {
        self.all.held.fetch_sub(self.held, Ordering::Relaxed);
        self.all.reservation.release(self.held);
    }
}

//! The ids of jobs, which both feeds have in common.

/// Returns the id of a job: the number in its URL, `/jobs/7793185-cook`, which is the same in both
/// feeds. `None` for a URL in another form.
pub fn id(url: &str) -> Option<&str> {
    let (_, last) = url.split_once("/jobs/")?;
    let end = last
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(last.len());
    (end > 0).then_some(&last[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_the_url_is_the_id() {
        assert_eq!(
            id("https://acme.teamtailor.com/jobs/7793185-cook"),
            Some("7793185")
        );
        assert_eq!(
            id("https://jobs.acme.example/en/jobs/7793185"),
            Some("7793185")
        );
        assert_eq!(id("https://acme.teamtailor.com/jobs/cook"), None);
        assert_eq!(id("https://acme.teamtailor.com/people/1"), None);
    }
}

//! The generator of whole boards: their companies, jobs, titles and places.

use serde_json::json;

use super::description::{Subject, description};
use super::random::Random;
use super::words::{self, Field};
use crate::board::{Board, BoardJob, Employment, Workplace, job};

/// Returns the token of generated board `index`: `board-0` and so on.
pub fn token(index: u32) -> String {
    format!("board-{index}")
}

/// Generates board `index` of `seed` with its first `jobs` jobs.
pub fn board(seed: u64, index: u32, jobs: u32) -> Board {
    let mut random = Random::part(seed, index);
    let company = Company {
        name: company_name(index),
        seed: random.next(),
        first_id: 4_000_000_000 + u64::from(index) * 1_000_000,
        offset: random.pick(words::OFFSETS),
        shows_metadata: random.chance(70),
    };

    Board {
        company: Some(company.name.clone()),
        jobs: (0..jobs).map(|number| company.job(number)).collect(),
    }
}

/// Returns the name of a company. When the list of names is used up, it starts again with a number.
fn company_name(index: u32) -> String {
    let index = index as usize;
    let name = words::COMPANIES[index % words::COMPANIES.len()];

    match index / words::COMPANIES.len() {
        0 => name.to_owned(),
        round => format!("{} {}", name.trim(), round + 1),
    }
}

/// The facts that all jobs of a board share.
struct Company {
    name: String,
    seed: u64,
    first_id: u64,
    offset: &'static str,
    shows_metadata: bool,
}

/// The facts that all posts of an opening share.
struct Opening {
    field: &'static Field,
    title: String,
    workplace: Workplace,
    text: String,
}

impl Company {
    fn job(&self, number: u32) -> BoardJob {
        // Every eighth job is a second post of the previous opening, at another place.
        let opening_number = if number % 8 == 7 { number - 1 } else { number };
        let opening = self.opening(opening_number);
        let mut random = Random::part(!self.seed, number);

        let id = self.first_id + u64::from(number) * 1_000 + random.below(1_000);
        let mut post = job(id)
            .title(opening.title)
            .content_html(opening.text)
            .department(opening.field.department);
        post.opening = Some(self.first_id + 500_000_000_000 + u64::from(opening_number));
        post.requisition = random
            .chance(50)
            .then(|| format!("R-{}", 10_000 + opening_number));
        post = with_oddities(post, number);

        post = Self::at_places(&mut random, post, opening.workplace);
        post = self.dated(&mut random, post);
        let employment = employment(&post.title);
        post = post.workplace(opening.workplace).employment(employment);

        let mut pay_random = Random::part(self.seed.rotate_left(32), number);
        post = with_salary(&mut pay_random, post);

        if self.shows_metadata {
            with_metadata(&mut random, post, opening.workplace)
        } else {
            post
        }
    }

    fn opening(&self, number: u32) -> Opening {
        let mut random = Random::part(self.seed, number);

        let field = random.pick(words::FIELDS);
        let team = random.pick(field.teams);
        let title = title(&mut random, field, team);
        let workplace = workplace(&mut random);
        let subject = Subject {
            company: &self.name,
            team,
            field,
            workplace,
        };
        let text = description(&mut random, &subject);

        Opening {
            field,
            title,
            workplace,
            text,
        }
    }

    fn at_places(random: &mut Random, post: BoardJob, workplace: Workplace) -> BoardJob {
        let (city, place) = *random.pick(words::PLACES);
        if workplace == Workplace::Remote {
            return post.location(random.pick(words::REMOTE_PLACES));
        }

        let post = post.office(city, place);
        let place = match workplace {
            Workplace::Hybrid if random.chance(40) => format!("Hybrid - {place}"),
            _ => place.to_owned(),
        };
        if random.chance(85) {
            return post.location(place);
        }

        let (other_city, other_place) = *random.pick(words::PLACES);
        if other_city == city {
            return post.location(format!("{place}; Remote"));
        }
        post.location(format!("{place}; {other_place}"))
            .office(other_city, other_place)
    }

    fn dated(&self, random: &mut Random, post: BoardJob) -> BoardJob {
        let month = 1 + random.below(9);
        let day = 1 + random.below(20);
        let changed = day + random.below(8);
        let (hour, minute, second) = (8 + random.below(11), random.below(59), random.below(60));

        let offset = self.offset;
        let at = |day: u64, minute: u64| {
            format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}")
        };
        post.first_published(at(day, minute))
            .updated_at(at(changed, minute + 1))
    }
}

fn title(random: &mut Random, field: &Field, team: &str) -> String {
    if random.chance(8) {
        return format!("{} (Summer 2026)", field.interns);
    }

    let level = random.pick(words::LEVELS);
    let title = format!("{level}{}", random.pick(field.roles));
    match random.below(10) {
        0..=2 => format!("{title}, {team}"),
        3 => format!("{title} - {team}"),
        _ => title,
    }
}

fn workplace(random: &mut Random) -> Workplace {
    match random.below(10) {
        0..=2 => Workplace::Remote,
        3..=5 => Workplace::Hybrid,
        _ => Workplace::OnSite,
    }
}

fn employment(title: &str) -> Employment {
    if title.contains("Intern") {
        Employment::Intern
    } else {
        Employment::FullTime
    }
}

/// Removes some descriptions and adds stray spaces to some titles, as on real boards.
fn with_oddities(mut post: BoardJob, number: u32) -> BoardJob {
    if number % 19 == 11 {
        post = post.without_content();
    }
    if number % 11 == 4 {
        post.title = format!(" {} ", post.title);
    }
    post
}

/// Adds a salary to some jobs, because some boards have a field for it.
fn with_salary(random: &mut Random, post: BoardJob) -> BoardJob {
    if random.chance(60) {
        return post;
    }

    let from = 50 + 5 * random.below(16);
    post.salary(from * 1_000, (from + 25) * 1_000, "EUR")
}

fn with_metadata(random: &mut Random, post: BoardJob, workplace: Workplace) -> BoardJob {
    let place = match workplace {
        Workplace::OnSite => "In office",
        Workplace::Hybrid => "Hybrid",
        Workplace::Remote => "Remote",
    };
    let kind = if post.title.contains("Intern") {
        "Intern"
    } else {
        "Full-time"
    };

    let post = post
        .metadata("Employment Type", "single_select", kind)
        .metadata("Location Type", "single_select", place);
    if random.chance(70) {
        return post;
    }

    // Some employers publish by accident which of their staff is responsible for a job.
    let name = random.pick(words::RECRUITERS);
    let email = format!("{}@staff.example", name.to_lowercase().replace(' ', "."));
    let employee = format!("E{}", 1_000 + random.below(9_000));
    let person = json!({ "user_id": random.below(1_000_000), "name": name, "email": email, "employee_id": employee });
    post.metadata("Recruiter", "user", person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_board_depends_only_on_seed_and_index() {
        assert_eq!(board(1, 3, 20), board(1, 3, 20));
        assert_ne!(board(1, 3, 20).jobs, board(2, 3, 20).jobs);
        assert_ne!(board(1, 3, 20).jobs, board(1, 4, 20).jobs);
    }

    #[test]
    fn a_longer_board_begins_with_the_jobs_of_a_shorter_one() {
        assert_eq!(board(1, 0, 50).jobs[..20], board(1, 0, 20).jobs);
    }

    #[test]
    fn ids_are_unique_across_boards() {
        let ids: HashSet<u64> = (0..20)
            .flat_map(|index| board(1, index, 100).jobs)
            .map(|job| job.id)
            .collect();
        assert_eq!(ids.len(), 2_000);
    }

    #[test]
    fn descriptions_are_as_long_as_real_ones() {
        let lengths = (0..10)
            .flat_map(|index| board(1, index, 40).jobs)
            .filter_map(|job| Some(job.content_html?.len()));
        for length in lengths {
            assert!((4_300..7_000).contains(&length), "{length}");
        }
    }

    #[test]
    fn forty_jobs_contain_every_special_case() {
        let jobs = board(1, 0, 40).jobs;
        let any = |claim: fn(&BoardJob) -> bool| jobs.iter().any(claim);
        assert!(any(|job| job.location.contains(';')), "several places");
        assert!(any(|job| job.location.contains("Remote")), "a remote one");
        assert!(any(|job| job.location.contains("Hybrid")), "a hybrid one");
        assert!(any(|job| job.title.contains("Rust")), "Rust in a title");
        assert!(any(|job| job.title.contains("Platform")), "a platform job");
        assert!(any(|job| job.title.contains("Intern")), "an internship");
        assert!(any(|job| job.title.starts_with(' ')), "a stray space");
        assert!(any(|job| job.content_html.is_none()), "no description");
        assert!(
            any(|job| job
                .metadata
                .iter()
                .flatten()
                .any(|entry| entry.value_type == "user")),
            "a person's name"
        );
        let openings: HashSet<_> = jobs.iter().map(|job| job.opening).collect();
        assert!(openings.len() < jobs.len(), "an opening posted twice");
    }
}

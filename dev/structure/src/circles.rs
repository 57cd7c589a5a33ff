//! Circles of files: sets in which each file reaches every other along the arrows.

use std::collections::{BTreeMap, BTreeSet};

use crate::arrows::{self, Arrows};

/// Finds the circles of more than `most` files, each with its arrows.
pub fn large(arrows: &Arrows, most: usize) -> Vec<String> {
    circles(arrows)
        .into_iter()
        .filter(|circle| circle.len() > most)
        .map(|circle| describe(&circle, arrows))
        .collect()
}

fn describe(circle: &BTreeSet<&str>, arrows: &Arrows) -> String {
    let files: Vec<&str> = circle.iter().copied().collect();
    let inside: Vec<String> = arrows
        .iter()
        .filter(|((from, to), _)| circle.contains(from.as_str()) && circle.contains(to.as_str()))
        .map(|((from, to), mentions)| format!("  {}", arrows::describe(from, to, mentions)))
        .collect();
    format!(
        "{} files name each other in a circle: {}\n{}\n  Move the shared items (most often a type) \
         into a file below all of them, until the arrows lead one way",
        files.len(),
        files.join(", "),
        inside.join("\n")
    )
}

/// Finds the sets of two or more files in which each file reaches every other along arrows.
fn circles(arrows: &Arrows) -> BTreeSet<BTreeSet<&str>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        next.entry(from).or_default().push(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = next
        .keys()
        .map(|file| (*file, reached_from(file, &next)))
        .collect();

    // A crate has at most a few hundred files, so comparing the reachable files of each is fast.
    let mut circles = BTreeSet::new();
    for (file, reachable) in &reached {
        if reachable.contains(file) {
            let leads_back =
                |other: &&&str| reached.get(**other).is_some_and(|of| of.contains(file));
            circles.insert(reachable.iter().filter(leads_back).copied().collect());
        }
    }
    circles
}

fn reached_from<'a>(start: &str, next: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(file) = waiting.pop() {
        for to in next.get(file).into_iter().flatten() {
            if reached.insert(*to) {
                waiting.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::Mention;

    /// Parses arrows that are written as `a-b`, separated by spaces.
    fn arrows(pairs: &str) -> Arrows {
        let mention = Mention {
            line: 7,
            in_use: true,
            path: vec!["super".to_owned(), "Shared".to_owned()],
        };
        pairs
            .split(' ')
            .map(|pair| {
                let (from, to) = pair.split_once('-').unwrap();
                let files = (from.to_owned(), to.to_owned());
                (files, BTreeSet::from([mention.clone()]))
            })
            .collect()
    }

    fn found(pairs: &str) -> Vec<String> {
        circles(&arrows(pairs))
            .into_iter()
            .map(|circle| Vec::from_iter(circle).join(""))
            .collect()
    }

    #[test]
    fn arrows_that_lead_one_way_have_no_circle() {
        assert!(found("a-b b-c a-c d-c").is_empty());
    }

    #[test]
    fn a_circle_has_the_files_that_reach_each_other_and_no_others() {
        assert_eq!(found("x-a a-b b-c c-a c-y"), ["abc"]);
        assert_eq!(found("a-b b-a c-d d-c b-c"), ["ab", "cd"]);
        assert_eq!(found("a-b b-a b-c c-b"), ["abc"]);
    }

    #[test]
    fn only_circles_above_the_bound_are_findings() {
        let two = arrows("a-b b-a");
        let three = arrows("a-b b-c c-a");

        assert!(large(&two, 2).is_empty());
        assert_eq!(large(&two, 1).len(), 1);
        assert_eq!(large(&three, 2).len(), 1);
    }

    #[test]
    fn a_finding_names_the_files_and_a_place_of_each_arrow() {
        let found = large(&arrows("a-b b-c c-a c-d"), 2);

        assert!(found[0].contains("circle: a, b, c\n"), "{}", found[0]);
        assert!(
            found[0].contains("a:7 → b: use super::Shared\n"),
            "{}",
            found[0]
        );
        assert!(!found[0].contains("→ d"), "{}", found[0]);
    }
}

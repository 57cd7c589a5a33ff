//! Decides which columns of a table fit into the terminal, and how wide they are.

use job_scanner_views::column::{Column, Content, Yields};

use crate::cli::output::table::width::width_of;

/// The space between two columns.
pub(super) const GAP: usize = 2;

/// The width from which a cell in a pipe no longer widens its column. A longer one moves the rest of
/// its line to the right.
const WIDEST_IN_PIPE: usize = 48;

/// The place of each column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// One for each column of the table.
    pub(super) places: Vec<Placement>,
}

/// The place of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// In the row, with this width.
    Column(usize),
    /// On a line of its own, next to the row.
    OwnLine,
    Hidden,
}

/// Returns the layout for a reader without a width, such as a pipe: all columns, and all cells
/// whole.
pub(super) fn of_pipe(columns: &[Column], rows: &[Vec<String>]) -> Layout {
    let place = |(at, column)| Placement::Column(natural_width(column, at, rows, WIDEST_IN_PIPE));
    Layout {
        places: columns.iter().enumerate().map(place).collect(),
    }
}

/// Returns the layout for a terminal with `width` columns. Columns without any text are hidden.
/// Others yield in their order until the rest fits.
pub(super) fn of_terminal(columns: &[Column], rows: &[Vec<String>], width: usize) -> Layout {
    let natural = |(at, column)| natural_width(column, at, rows, usize::MAX);
    let mut room = Room {
        columns,
        natural: columns.iter().enumerate().map(natural).collect(),
        places: vec![Placement::Column(0); columns.len()],
        given_up: Vec::new(),
    };
    room.hide(|at| !rows.is_empty() && rows.iter().all(|row| row[at].is_empty()));

    for &at in &order(columns, Yields::is_early) {
        if room.comfortable() > width {
            room.give_up(at);
        }
    }
    if room.minimal() > width {
        let is_zero = |at: usize| rows.iter().all(|row| ["", "0"].contains(&row[at].as_str()));
        room.hide(|at| columns[at].content == Content::Number && !rows.is_empty() && is_zero(at));
    }
    let late = order(columns, Yields::is_late);
    for &at in &late {
        if room.minimal() > width {
            room.give_up(at);
        }
    }
    for &at in late.iter().rev() {
        room.show_again_if_it_fits(at, width);
    }
    room.distribute(width)
}

/// Returns the indexes of the columns that yield in this way, in their order.
fn order(columns: &[Column], yields: impl Fn(Yields) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..columns.len())
        .filter(|&at| yields(columns[at].yields))
        .collect();
    order.sort_by_key(|&at| columns[at].yields);
    order
}

/// Returns the width of the widest cell that needs at most `widest` columns, or of the header.
fn natural_width(column: &Column, at: usize, rows: &[Vec<String>], widest: usize) -> usize {
    let cells = rows.iter().map(|row| width_of(&row[at]));
    let fitting = cells.filter(|width| *width <= widest);
    fitting.fold(width_of(column.header), usize::max)
}

/// The columns while they are being placed.
struct Room<'a> {
    columns: &'a [Column],
    /// The width with which each column shows all its cells whole.
    natural: Vec<usize>,
    places: Vec<Placement>,
    given_up: Vec<usize>,
}

impl Room<'_> {
    fn hide(&mut self, is_hidden: impl Fn(usize) -> bool) {
        for (at, place) in self.places.iter_mut().enumerate() {
            if is_hidden(at) {
                *place = Placement::Hidden;
            }
        }
    }

    fn give_up(&mut self, at: usize) {
        if matches!(self.places[at], Placement::Column(_)) {
            self.places[at] = match self.columns[at].content {
                Content::Copied => Placement::OwnLine,
                _ => Placement::Hidden,
            };
            self.given_up.push(at);
        }
    }

    /// Shows a column that was given up before a wider one.
    fn show_again_if_it_fits(&mut self, at: usize, width: usize) {
        let is_hidden = self.places[at] == Placement::Hidden && self.given_up.contains(&at);
        if is_hidden && self.minimal() + GAP + self.min(at) <= width {
            self.places[at] = Placement::Column(0);
        }
    }

    /// Returns the width of the row in which no column is cut to less than twice its minimum.
    fn comfortable(&self) -> usize {
        self.row_width(|at| self.natural[at].min(self.min(at) * 2))
    }

    fn minimal(&self) -> usize {
        self.row_width(|at| self.min(at))
    }

    fn row_width(&self, width: impl Fn(usize) -> usize) -> usize {
        let shown: Vec<usize> = self.shown().map(width).collect();
        shown.iter().sum::<usize>() + GAP * shown.len().saturating_sub(1)
    }

    fn shown(&self) -> impl Iterator<Item = usize> {
        let in_row = |at: &usize| matches!(self.places[*at], Placement::Column(_));
        (0..self.places.len()).filter(in_row)
    }

    /// Returns the smallest width of a column.
    fn min(&self, at: usize) -> usize {
        let natural = self.natural[at];
        match self.columns[at].content {
            Content::Text { min } | Content::Prose { min } => natural.min(min),
            Content::Word | Content::Number | Content::Copied => natural,
        }
    }

    /// Gives each column its minimum, and the rest of the width to those whose cells need it.
    fn distribute(mut self, width: usize) -> Layout {
        let shown: Vec<usize> = self.shown().collect();
        let mut left = width.saturating_sub(self.minimal());
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|at| self.min(at)).collect();

        while left > 0 {
            let before = left;
            for &at in &shown {
                if left > 0 && widths[at] < self.natural[at] {
                    widths[at] += 1;
                    left -= 1;
                }
            }
            if left == before {
                break;
            }
        }

        for at in shown {
            self.places[at] = Placement::Column(widths[at]);
        }
        Layout {
            places: self.places,
        }
    }
}

//! A small random number generator (`SplitMix64`) whose numbers depend only on the seed.

#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// Creates the sequence of part `number`, which does not depend on the draws for other parts.
    pub(super) fn part(seed: u64, number: u32) -> Self {
        let mut mixed = Self(seed ^ u64::from(number).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixed.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);

        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Draws a number from 0 to `end` - 1.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Returns true in `percent` of 100 draws.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.index(from.len())]
    }

    /// Draws `count` different items, in the order of the list.
    pub(super) fn some_of<'a, T: ?Sized>(&mut self, from: &[&'a T], count: usize) -> Vec<&'a T> {
        let mut chosen = from.to_vec();
        while chosen.len() > count {
            chosen.remove(self.index(chosen.len()));
        }
        chosen
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }
}

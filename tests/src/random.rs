//! Numbers that look random and are the same everywhere.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that follow from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below the bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.any() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// True about `of` times in `all`.
    pub fn chance(&mut self, of: u32, all: u32) -> bool {
        self.below(all) < of
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = usize::try_from(self.any() % from.len().max(1) as u64).unwrap_or(0);
        from.get(index)
            .unwrap_or_else(|| unreachable!("nothing to pick from"))
    }
}

//! No core dumps: one would put the private key of a run into a file.

/// Switches core dumps off for this process and whatever it starts. Where the system refuses, the
/// run goes on: it is not this run that crashes.
#[cfg(unix)]
pub fn off() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

/// This system writes none.
#[cfg(not(unix))]
pub fn off() {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn the_limit_is_zero_and_stays_so() {
        super::off();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    }
}

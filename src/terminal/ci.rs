//! Whether the program runs in a CI system that reads commands out of what steps print.

use crate::cli::target::Environment;

/// Variables that CI systems set, each the sign of one or several of them.
const VARIABLES: &[&str] = &[
    "CI",
    "CONTINUOUS_INTEGRATION",
    "BUILD_NUMBER",
    "GITHUB_ACTIONS",
    "GITEA_ACTIONS",
    "FORGEJO_ACTIONS",
    "TF_BUILD",
    "GITLAB_CI",
    "TEAMCITY_VERSION",
    "JENKINS_URL",
    "JENKINS_HOME",
    "HUDSON_URL",
    "BUILDKITE",
    "CIRCLECI",
    "TRAVIS",
    "APPVEYOR",
    "DRONE",
    "BITBUCKET_BUILD_NUMBER",
    "CODEBUILD_BUILD_ID",
    "bamboo_buildKey",
    "GO_PIPELINE_NAME",
];

/// Whether one of the variables is set, to anything but a no.
#[must_use]
pub fn is_ci(environment: &dyn Environment) -> bool {
    let yes = |value: Vec<u8>| {
        let value = value.to_ascii_lowercase();
        !matches!(value.as_slice(), b"false" | b"0" | b"no" | b"off")
    };
    VARIABLES.iter().filter_map(|name| environment.get(name)).any(yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Set(&'static str, &'static str);

    impl Environment for Set {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            (name == self.0).then(|| self.1.into())
        }
    }

    #[test]
    fn each_system_is_known_by_its_variable() {
        for name in VARIABLES {
            assert!(is_ci(&Set(name, "1")), "{name}");
        }
        assert!(is_ci(&Set("TF_BUILD", "True")));
        assert!(!is_ci(&Set("CI", "false")));
        assert!(!is_ci(&Set("HOME", "/home/anna")));
    }
}

//! What to do about failures that are the machine's and not ours.

/// A sign in a program's output, and what to do when it is seen.
struct Hint {
    signs: &'static [&'static str],
    advice: &'static str,
}

/// What apt says while another program holds one of its locks.
const LOCKED: &[&str] = &["Could not get lock", "Unable to lock", "is another process using it"];

const HINTS: &[Hint] = &[
    Hint {
        signs: &["No space left on device", "ENOSPC"],
        advice: "The disk is full: set-up and build need about 4 GB.",
    },
    Hint { signs: LOCKED, advice: "Another package manager is running: wait for it to end, then run this again." },
    Hint {
        signs: &[
            "Could not resolve host",
            "Could not connect",
            "Temporary failure",
            "failed to lookup address",
            "Name or service not known",
            "Connection refused",
            "Connection timed out",
            "Network is unreachable",
            "spurious network error",
            "NewConnectionError",
            "No matching distribution found",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "ENETUNREACH",
        ],
        advice: "No network: this step downloads. Connect (or set the proxy that this machine needs), then run this again; what is done is kept.",
    },
    Hint {
        signs: &["EADDRINUSE", "Address already in use"],
        advice: "The port is taken: end the program that listens there, or choose another port.",
    },
    Hint {
        signs: &["Permission denied", "EACCES", "are you root?"],
        advice: "Not allowed to write there: check who owns the repository, the cache folder and Cargo's home.",
    },
];

/// The advice for what `output` shows, if it shows something known.
pub fn for_output(output: &str) -> Option<&'static str> {
    HINTS.iter().find(|hint| hint.signs.iter().any(|sign| output.contains(sign))).map(|hint| hint.advice)
}

/// Whether apt failed only because another program was using it.
pub fn is_lock(output: &str) -> bool {
    LOCKED.iter().any(|sign| output.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(output: &str) -> &'static str {
        for_output(output).unwrap_or("none")
    }

    #[test]
    fn programs_that_miss_the_network_are_told_apart_from_others() {
        assert!(advice("npm error code EAI_AGAIN").starts_with("No network"));
        assert!(
            advice("W: Failed to fetch … Temporary failure resolving 'mirror.example.org'").starts_with("No network")
        );
        assert!(
            advice("warning: spurious network error (3 tries remaining): [6] Could not resolve host")
                .starts_with("No network")
        );
        assert!(
            advice("Error: listen EADDRINUSE: address already in use 127.0.0.1:5173").starts_with("The port is taken")
        );
        assert_eq!(advice("error[E0308]: mismatched types"), "none");
        assert_eq!(advice("[ERROR] Could not resolve \"./appsmith.mjs\""), "none");
    }

    #[test]
    fn a_full_disk_wins_over_what_follows_from_it() {
        assert!(advice("ENOTFOUND\nwrite: No space left on device").starts_with("The disk is full"));
    }
}

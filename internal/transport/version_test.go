package transport

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// firstVersion is what the first release will be called.
const firstVersion = "0.1.0"

var versionHeading = regexp.MustCompile(`^\[?v?(\d+\.\d+\.\d+)\b`)

// newestVersion returns the version of the first heading of a changelog that names one, and firstVersion if none does.
func newestVersion(changelog string) string {
	for line := range strings.Lines(changelog) {
		heading, ok := strings.CutPrefix(line, "## ")
		if m := versionHeading.FindStringSubmatch(heading); ok && m != nil {
			return m[1]
		}
	}
	return firstVersion
}

func TestNewestVersion(t *testing.T) {
	for changelog, want := range map[string]string{
		"# Changelog\n\n## Unreleased\n\n### Added\n":                                      firstVersion,
		"# Changelog\n\n## Unreleased\n\n## 0.2.0 (2027-01-02)\n\n## 0.1.0 (2026-12-01)\n": "0.2.0",
		"## v1.10.3\n### 2.0.0 is not a release\n":                                         "1.10.3",
		"Since ## 0.9.0\n## 0.3.0, 2027-02-03\n":                                           "0.3.0",
	} {
		if diff := cmp.Diff(want, newestVersion(changelog)); diff != "" {
			t.Errorf("%q: %s", changelog, diff)
		}
	}
}

// A release that is not announced as itself would be taken for the one before it in the vendors' logs.
func TestVersionIsThatOfTheChangelog(t *testing.T) {
	changelog, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newestVersion(string(changelog)), Version); diff != "" {
		t.Errorf("Version is not the newest of CHANGELOG.md (-changelog +Version):\n%s", diff)
	}
}

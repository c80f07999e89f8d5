package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGoName(t *testing.T) {
	tests := map[string]string{
		"id":                       "ID",
		"session_id":               "SessionID",
		"customerIds":              "CustomerIDs",
		"callbackUrl":              "CallbackURL",
		"callback-url":             "CallbackURL",
		"SessionIDs":               "SessionIDs",
		"URLsOfMedia":              "URLsOfMedia",
		"MRZData":                  "MRZData",
		"mrzData2":                 "MRZData2",
		"optionalMrzField1":        "OptionalMRZField1",
		"userIp":                   "UserIP",
		"ip_addresses":             "IPAddresses",
		"eKYC":                     "EKYC",
		"aml_screenings":           "AMLScreenings",
		"is_voip":                  "IsVoIP",
		"cpf":                      "CPF",
		"$schema":                  "Schema",
		"mothersName":              "MothersName",
		"2nd":                      "2nd",
		"":                         "",
		"größe":                    "Größe",
		"CompleteSessionResultDto": "CompleteSessionResultDto",
	}
	for in, want := range tests {
		if got := goName(in); got != want {
			t.Errorf("goName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestConstName(t *testing.T) {
	tests := map[string]string{
		"PASSED":            "Passed",
		"ID_CARD":           "IDCard",
		"E_PASSPORT":        "EPassport",
		"In Review":         "InReview",
		"id-document":       "IDDocument",
		"N/A":               "NA",
		"OK":                "OK",
		"zh-CN":             "ZhCN",
		"camelCase":         "CamelCase",
		"LOOKUPS_IP":        "LookupsIP",
		"fraude de ley":     "FraudeDeLey",
		"+":                 "",
		"SCREENING_2":       "Screening2",
		"Resub Requested":   "ResubRequested",
		"ALREADY_USED_URLS": "AlreadyUsedURLs",
	}
	for in, want := range tests {
		if got := constName(in); got != want {
			t.Errorf("constName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	got := map[string]string{}
	for _, in := range []string{"Checks", "Histories", "Addresses", "Boxes", "Matches", "Status", "Analysis", "Progress", "Person"} {
		got[in] = singular(in)
	}
	want := map[string]string{
		"Checks": "Check", "Histories": "History", "Addresses": "Address", "Boxes": "Box", "Matches": "Match",
		"Status": "Status", "Analysis": "Analysis", "Progress": "Progress", "Person": "Person",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestComments(t *testing.T) {
	tests := []struct{ text, field, typ, enum string }{
		{"id of the check", "ID of the check.", "X holds the id of the check.", "X is the id of the check."},
		{"the check", "The check.", "X is the check.", "X is the check."},
		{"The check", "The check.", "X is the check.", "X is the check."},
		{"whether it ran", "Whether it ran.", "X tells whether it ran.", "X tells whether it ran."},
		{"asks for a check", "Asks for a check.", "X holds the asks for a check.", "X is the asks for a check."},
		{"creates a check", "Creates a check.", "X creates a check.", "X creates a check."},
		{"X is a check.", "X is a check.", "X is a check.", "X is a check."},
		{"X's own check", "X's own check.", "X's own check.", "X's own check."},
		{"ISO 3166 code", "ISO 3166 code.", "X holds the ISO 3166 code.", "X is the ISO 3166 code."},
		{"iPhone only!", "iPhone only!", "X holds the iPhone only!", "X is the iPhone only!"},
		{"ids, by kind", "IDs, by kind.", "X holds the ids, by kind.", "X is the ids, by kind."},
		{"A check", "A check.", "X is a check.", "X is a check."},
		{"", "", "", ""},
	}
	for _, test := range tests {
		got := test
		got.field, got.typ, got.enum = sentence(test.text), typeDoc("X", test.text, false), typeDoc("X", test.text, true)
		if got != test {
			t.Errorf("%q:\n got  %q, %q, %q\n want %q, %q, %q", test.text, got.field, got.typ, got.enum, test.field, test.typ, test.enum)
		}
	}
}

package didit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Nobody is approved as a party who is not approved everywhere.
func TestPartiesKeepTheWorseState(t *testing.T) {
	jane := func(members string) string { return `{"uuid":"` + janeID + `","name":"Jane",` + members + `}` }
	officers := func(list string) string { return `{"registry":{"officers":[` + list + `]}}` }
	submitted := func(members string) string { return `{"submitted":{"parties":[` + jane(members) + `]}}` }
	for _, c := range []struct{ name, keyPeople, company, want string }{
		{"a word that is new, and approved", officers(jane(`"kyc_status":"Rejected","kyc_session_id":"k-1"`)), `{"officers":[` + jane(`"kyc_status":"Approved"`) + `]}`, "unknown k-1"},
		{"approved, and a word that is new", officers(jane(`"kyc_status":"Approved"`)), `{"officers":[` + jane(`"kyc_status":"Rejected"`) + `]}`, "unknown "},
		{"approved, and no word", officers(jane(`"kyc_status":"Approved"`)), `{"officers":[` + jane(`"role":"director"`) + `]}`, "approved "},
		{"no word, and approved", officers(jane(`"kyc_status":null`)), `{"officers":[` + jane(`"kyc_status":"Approved"`) + `]}`, "approved "},
		{"approved, and in review elsewhere", officers(jane(`"kyc_status":"Approved","kyc_session_id":"k-1"`) + `,` + jane(`"kyc_status":"In Review","kyc_session_id":"k-2"`)), `{}`, "review k-2"},
		{"approved, and expired elsewhere", officers(jane(`"kyc_status":"Approved","kyc_session_id":"k-1"`)) + `,` + submitted(`"kyc_session_id":"k-3","kyc_session_status":"Kyc Expired"`), `{}`, "expired k-3"},
		{"a word that is new, and in review", officers(jane(`"kyc_status":"Rejected"`)) + `,` + submitted(`"kyc_session_status":"In Review"`), `{}`, "unknown "},
		{"declined, and a word that is new", officers(jane(`"kyc_status":"Declined","kyc_session_id":"k-1"`)) + `,` + submitted(`"kyc_session_id":"k-2","kyc_session_status":"Rejected"`), `{}`, "declined k-1"},
		{"screened and declined", officers(jane(`"kyc_status":"Approved","kyc_session_id":"k-1","aml_status":"Declined"`)), `{}`, "declined k-1"},
		{"screened and approved", officers(jane(`"kyc_status":"Approved","aml_status":"Approved"`)), `{}`, "approved "},
		{"screened only", officers(jane(`"aml_status":"In Review"`)), `{}`, "review "},
		{"not screened yet", officers(jane(`"kyc_status":"Approved","aml_status":"Not Finished"`)), `{}`, "pending "},
		{"an owner screened and declined", `{"registry":{"beneficial_owners":[` + jane(`"kyc_status":"Approved","aml_status":"Declined"`) + `]}}`, `{}`, "declined "},
		{"two sessions", submitted(`"kyc_session_id":"k-1","kyc_session_status":"Approved","kyb_sub_session_id":"b-1","kyb_sub_session_status":"Declined"`), `{}`, "declined b-1"},
		{"two states without ids", submitted(`"kyc_session_id":null,"kyc_session_status":"Approved","kyb_sub_session_status":"Declined"`), `{}`, "declined "},
		{"the company's session only", submitted(`"kyb_sub_session_id":"b-1","kyb_sub_session_status":"Approved"`), `{}`, "approved b-1"},
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","session_kind":"business","status":"Approved","key_people_checks":[` + c.keyPeople + `],"registry_checks":[{"company":` + c.company + `}]}`))
		if err != nil || len(r.Parties) != 1 {
			t.Fatalf("%s: %v, %v", c.name, r, err)
		}
		if got := r.Parties[0].Decision.String() + " " + r.Parties[0].Ref.Session; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A party is listed once, while it is one, and beside nobody who only has its name.
func TestPartiesAreTold(t *testing.T) {
	for _, c := range []struct{ name, keyPeople, company, want string }{
		{
			"one session under two ids", `{"registry":{"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_min_shares":"50","ownership_max_shares":"75","kyc_status":"Approved","kyc_session_id":"k-1"}]},` +
				`"submitted":{"parties":[{"uuid":"` + evaID + `","name":"John D","kyc_session_id":"k-1","kyc_session_status":"Declined","roles":[{"role":"ubo","ownership_percent":75}]}]}}`, `{}`,
			"John [ubo] 50-75 declined k-1",
		},
		{
			"two that a third shows to be one", `{"registry":{"officers":[{"uuid":"` + johnID + `","name":"John","role":"director"}],"beneficial_owners":[{"uuid":"` + evaID + `","name":"Jon","roles":["ubo"],"kyc_session_id":"k-1"}]},` +
				`"submitted":{"parties":[{"uuid":"` + johnID + `","kyc_session_id":"k-1","kyc_session_status":"In Review"}]}}`, `{"officers":[{"uuid":"` + evaID + `","name":"Jon","role":"secretary"}]}`,
			"John [director ubo secretary] ?-? review k-1",
		},
		{
			"who sold", `{"registry":{"beneficial_owners":[{"uuid":"` + janeID + `","name":"Jane","ownership_min_shares":"75","is_active":false,"kyc_status":"Approved"},{"uuid":"` + johnID + `","name":"John","is_active":true}]},` +
				`"submitted":{"parties":[{"uuid":"` + evaID + `","name":"Eva","is_active":false,"roles":[{"role":"ubo","ownership_percent":100}]}]}}`,
			`{"beneficial_owners":[{"name":"Old","is_active":false},{"uuid":"` + janeID + `","name":"Jane","ownership_min_shares":"75"}]}`,
			"John [] ?-? unknown ",
		},
		{
			"who left by the later list only", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane"}]}}`, `{"officers":[{"uuid":"` + janeID + `","name":"Jane","is_active":false}]}`, "",
		},
		{
			"whose office ended", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane","termination_date":"2015-01-01"},{"uuid":"` + johnID + `","name":"John","termination_date":"2015-01-01","is_active":true}]}}`, `{}`,
			"John [] ?-? unknown ",
		},
		{
			"behind one who sold", `{"registry":{"beneficial_owners":[{"name":"Jane","is_active":false,"child_beneficial_owners":[{"name":"Eva"}]},{"name":"John","child_beneficial_owners":[{"name":"Ann","is_active":false},{"name":"Ben"}]}]}}`, `{}`,
			"John [] ?-? unknown \nBen [] ?-? unknown ",
		},
		{
			"shares of several roles", `{"submitted":{"parties":[{"name":"John","roles":[{"role":"director","ownership_percent":0},{"role":"shareholder","ownership_percent":60}]},` +
				`{"name":"Ann","roles":[{"role":"shareholder","ownership_percent":10},{"role":"ubo","ownership_percent":40}]},{"name":"Ben","roles":[{"role":"shareholder","ownership_percent":0}]},{"name":"Eva","roles":[{"role":"secretary","ownership_percent":0}]}]}}`, `{}`,
			"John [director shareholder] 60-60 unknown \nAnn [shareholder ubo] 10-40 unknown \nBen [shareholder] 0-0 unknown \nEva [secretary] ?-? unknown ",
		},
		{
			"a person and a company of one name", `{"registry":{"beneficial_owners":[{"name":"John Smith","date_of_birth":"1950-01-01","ownership_min_shares":"60","kyc_status":"Approved"}]}}`,
			`{"beneficial_owners":[{"name":"JOHN SMITH","entity_type":"company","kyc_status":"Pending"}]}`,
			"John Smith [] 60-? approved \ncompany JOHN SMITH [] ?-? pending ",
		},
		{
			"lists of the older form", `{"officers":[{"uuid":"...","name":"Jane","role":"director","kyc_status":"Approved"}],"beneficial_owners":[{"uuid":"...","name":"John","roles":["ubo"],"ownership_min_shares":40,"ownership_max_shares":40,"kyc_status":"Declined"}],` +
				`"registry":{"officers":[],"beneficial_owners":[{"uuid":"...","name":"John","roles":["ubo"],"ownership_min_shares":40,"kyc_status":"Approved"}]}}`, `{}`,
			"John [ubo] 40-40 declined \nJane [director] ?-? approved ",
		},
		{
			"a list that does not read", `{"officers":{"Jane":true},"beneficial_owners":["John",{"name":"Eva"}]}`, `{}`, " [] ?-? unknown \nEva [] ?-? unknown ",
		},
	} {
		if diff := cmp.Diff(c.want, parties(t, c.keyPeople, c.company)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// Two companies may each have a director of one name.
func TestPartiesOfTwoCompanies(t *testing.T) {
	company := func(role, status string) string {
		return `{"status":"Approved","company":{"officers":[{"name":"John Smith","role":"` + role + `","kyc_status":"` + status + `"}]}}`
	}
	r, err := ParseResult([]byte(`{"session_id":"s","session_kind":"business","status":"Approved","registry_checks":[` + company("director", "Approved") + `,` + company("secretary", "Declined") + `]}`))
	if err != nil || len(r.Parties) != 2 || r.Parties[0].Decision != kyc.Approved || r.Parties[1].Decision != kyc.Declined {
		t.Errorf("%v, %v", r, err)
	}
}

func TestCompaniesAmongParties(t *testing.T) {
	for _, c := range []struct{ members, want string }{
		{`"entity_type":"company","name":"X","nationality":"CYM"`, "company X  CYM"},
		{`"entity_type":"COMPANY","company_name":"X","registration_number":"77"`, "company X 77 "},
		{`"entity_type":"trust","name":"X","nationality":"GB"`, "company X  GBR"},
		{`"name":"X","registration_number":"77"`, "company X 77 "},
		{`"entity_type":"Person","name":"X"`, "person X"},
		{`"entity_type":"natural","name":"X","date_of_birth":"1980-01-01"`, "person X"},
		{`"name":"X"`, "person X"},
	} {
		for list, body := range map[string]string{
			"owner": `"registry":{"beneficial_owners":[{` + c.members + `}]}`, "party": `"submitted":{"parties":[{` + c.members + `}]}`,
		} {
			r, err := ParseResult([]byte(`{"session_id":"s","session_kind":"business","status":"Approved","key_people_checks":[{` + body + `}]}`))
			if err != nil || len(r.Parties) != 1 {
				t.Fatalf("%v, %v", r, err)
			}
			got := ""
			if p := r.Parties[0]; p.Company != nil {
				got = "company " + p.Company.Name + " " + p.Company.RegistrationNumber + " " + p.Company.Country
			} else {
				got = "person " + p.Person.FullName
			}
			if got != c.want {
				t.Errorf("%s: %s is %q, want %q", list, c.members, got, c.want)
			}
		}
	}
}

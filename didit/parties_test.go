package didit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	janeID = "aaaa1111-bbbb-2222-cccc-333344445555"
	johnID = "bbbb2222-cccc-3333-dddd-444455556666"
	evaID  = "cccc3333-dddd-4444-eeee-555566667777"
)

// parties lists who is behind a company, one per line, with the members that these tests are about.
func parties(t *testing.T, keyPeople, company string) string {
	t.Helper()
	r, err := ParseResult([]byte(`{"session_id":"s","session_kind":"business","status":"In Review","key_people_checks":[` + keyPeople + `],"registry_checks":[{"company":` + company + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	bound := func(f *float64) string {
		if f == nil {
			return "?"
		}
		return fmt.Sprint(*f)
	}
	var out []string
	for _, p := range r.Parties {
		var name string
		if p.Company != nil {
			name = "company " + p.Company.Name
		} else {
			name = p.Person.FullName
		}
		out = append(out, fmt.Sprintf("%s %v %s-%s %v %s", name, p.Roles, bound(p.OwnershipMin), bound(p.OwnershipMax), p.Decision, p.Ref.Session))
	}
	return strings.Join(out, "\n")
}

func TestPartiesShares(t *testing.T) {
	for members, want := range map[string]string{
		`"ownership_min_shares":"20"`:                                                                     "20-?",
		`"ownership_max_shares":"25"`:                                                                     "?-25",
		`"ownership_min_shares":"25","ownership_max_shares":"25"`:                                         "25-25",
		`"ownership_min_shares":"25-50%"`:                                                                 "25-50",
		`"ownership_max_shares":"25-50%"`:                                                                 "25-50",
		`"ownership_min_shares":"25-50%","ownership_max_shares":"40"`:                                     "25-40",
		`"ownership_min_shares":"80","ownership_max_shares":"20"`:                                         "?-?",
		`"ownership_min_shares":"20","effective_ownership_percent":20`:                                    "20-?",
		`"effective_ownership_percent":40`:                                                                "40-40",
		`"effective_ownership_percent":0`:                                                                 "0-0",
		`"effective_ownership_percent":100`:                                                               "100-100",
		`"effective_ownership_percent":250`:                                                               "?-?",
		`"effective_ownership_percent":-1`:                                                                "?-?",
		`"ownership_min_shares":"a lot","effective_ownership_percent":60`:                                 "60-?",
		`"ownership_min_shares":"some","ownership_max_shares":"most","effective_ownership_percent":60`:    "?-60",
		`"ownership_min_shares":"most","ownership_max_shares":"all","effective_ownership_percent":1000`:   "?-?",
		`"ownership_min_shares":20,"ownership_max_shares":"101"`:                                          "20-?",
		`"ownership_min_shares":"","ownership_max_shares":null,"effective_ownership_percent":"not a one"`: "?-?",
	} {
		for list, text := range map[string]string{
			"key people": parties(t, `{"registry":{"beneficial_owners":[{"uuid":"`+johnID+`","name":"John",`+members+`}]}}`, `{}`),
			"registry":   parties(t, ``, `{"beneficial_owners":[{"uuid":"`+johnID+`","name":"John",`+members+`}]}`),
		} {
			if text != "John [] "+want+" unknown " {
				t.Errorf("%s: %s is %q, want %s", list, members, text, want)
			}
		}
	}
	if got := parties(t, `{"submitted":{"parties":[{"name":"John","roles":[{"role":"ubo","ownership_percent":250},{"role":"shareholder","ownership_percent":30}]}]}}`, `{}`); got != "John [ubo shareholder] 30-30 unknown " {
		t.Errorf("a submitted party: %s", got)
	}
}

// Nobody who owns or runs the company is lost, and nobody is listed twice.
func TestPartiesMerge(t *testing.T) {
	jane := `{"uuid":"` + janeID + `","name":"Jane","role":"director"}`
	for _, c := range []struct{ name, keyPeople, company, want string }{
		{
			"an officer who owns", `{"registry":{"officers":[` + jane + `],"beneficial_owners":[{"uuid":"` + janeID + `","name":"Jane D","roles":["ubo","Director"],"ownership_min_shares":"75","ownership_max_shares":"75","kyc_status":"Declined","kyc_session_id":"k-1"}]}}`, `{}`,
			"Jane [director ubo] 75-75 declined k-1",
		},
		{
			"approved as an officer, declined as an owner", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane","kyc_status":"Approved","kyc_session_id":"k-1"}],"beneficial_owners":[{"uuid":"` + janeID + `","kyc_status":"Declined","kyc_session_id":"k-2"}]}}`, `{}`,
			"Jane [] ?-? declined k-2",
		},
		{
			"declined first", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane","kyc_status":"Declined","kyc_session_id":"k-1"}],"beneficial_owners":[{"uuid":"` + janeID + `","kyc_status":"Approved","kyc_session_id":"k-2"}]}}`, `{}`,
			"Jane [] ?-? declined k-1",
		},
		{
			"the worse of two states stays", `{"registry":{"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_min_shares":"50","kyc_status":"Approved","kyc_session_id":"k-1"}]}}`,
			`{"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_min_shares":"40","ownership_max_shares":"75","kyc_status":"Pending"}]}`,
			"John [] 50-75 pending k-1",
		},
		{
			"a bound that contradicts", `{"registry":{"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_min_shares":"50"}]}}`,
			`{"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_max_shares":"20"}]}`,
			"John [] 50-? unknown ",
		},
		{
			"an officer that is a company", `{"registry":{"officers":[{"uuid":"` + evaID + `","name":"Holding Ltd","role":"secretary"}],"beneficial_owners":[{"uuid":"` + evaID + `","name":"Holding Ltd","entity_type":"company","ownership_min_shares":"30"}]}}`, `{}`,
			"company Holding Ltd [secretary] 30-? unknown ",
		},
		{
			"whom only the registry names", `{"registry":{"officers":[` + jane + `]}}`,
			`{"officers":[` + jane + `],"beneficial_owners":[{"uuid":"` + johnID + `","name":"John","ownership_min_shares":"80","kyc_status":"Pending"}]}`,
			"Jane [director] ?-? unknown \nJohn [] 80-? pending ",
		},
		{
			"without ids the same entry in both lists", `{"registry":{"officers":[{"uuid":"...","name":"Jane","role":"director"}],"beneficial_owners":[{"name":"Jane"}]}}`,
			`{"officers":[{"uuid":"...","name":"JANE","role":"director"}],"beneficial_owners":[{"name":"Jane","ownership_min_shares":"80"},{"name":"Eva"}]}`,
			"Jane [director] ?-? unknown \nJane [] 80-? unknown \nEva [] ?-? unknown ",
		},
		{
			"two of one name in one list", `{"registry":{"beneficial_owners":[{"name":"Jane"},{"name":"Jane"}]}}`, `{}`,
			"Jane [] ?-? unknown \nJane [] ?-? unknown ",
		},
		{
			"two of one name, of whom one list has one only", `{"registry":{"beneficial_owners":[{"name":"Jane"}]}}`, `{"beneficial_owners":[{"name":"Jane"},{"name":"Jane","ownership_min_shares":"80"}]}`,
			"Jane [] ?-? unknown \nJane [] 80-? unknown ",
		},
		{
			"two of one name by their ids", `{"registry":{"beneficial_owners":[{"uuid":"` + janeID + `","name":"Jane"}]}}`, `{"beneficial_owners":[{"uuid":"` + evaID + `","name":"Jane"}]}`,
			"Jane [] ?-? unknown \nJane [] ?-? unknown ",
		},
		{
			"by id in all lists", `{"registry":{"officers":[` + jane + `]},"submitted":{"parties":[{"uuid":"` + janeID + `","name":"J","roles":[{"role":"ubo","ownership_percent":10}],"kyb_sub_session_id":"b-1","kyb_sub_session_status":"In Review"}]}}`,
			`{"officers":[{"uuid":"` + janeID + `","name":"Jane","kyc_status":"Pending"}]}`,
			"Jane [director ubo] 10-10 review b-1",
		},
		{
			"a company's own session", `{"submitted":{"parties":[{"uuid":"` + evaID + `","entity_type":"company","company_name":"Holding Ltd","kyb_sub_session_id":"b-1","kyb_sub_session_status":"Declined"}]}}`, `{}`,
			"company Holding Ltd [] ?-? declined b-1",
		},
		{
			"who left", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane","role":"director","is_active":false},{"uuid":"` + evaID + `","name":"Eva","is_active":true}]}}`,
			`{"officers":[{"uuid":"` + janeID + `","name":"Jane"},{"name":"Ann","is_active":false},{"name":"Ben"}]}`,
			"Eva [] ?-? unknown \nBen [] ?-? unknown ",
		},
		{
			"who left and still owns", `{"registry":{"officers":[{"uuid":"` + janeID + `","name":"Jane","is_active":false}],"beneficial_owners":[{"uuid":"` + janeID + `","name":"Jane","ownership_min_shares":"60"}]}}`, `{}`,
			"Jane [] 60-? unknown ",
		},
	} {
		if diff := cmp.Diff(c.want, parties(t, c.keyPeople, c.company)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestPartiesBehindAnOwner(t *testing.T) {
	keyPeople := `{"registry":{"beneficial_owners":[{"uuid":"` + evaID + `","name":"Holding Ltd","entity_type":"company","ownership_min_shares":"10","ownership_max_shares":"10","child_beneficial_owners":[` +
		`{"name":"Jane","entity_type":"person","roles":["ubo"],"ownership_min_shares":"100","ownership_max_shares":"100","kyc_status":"Declined"},` +
		`{"name":"Deep Ltd","entity_type":"company","child_beneficial_owners":[{"first_name":"Max","name":"Max M","ownership_min_shares":{}}]},{"title":"of no known shape"}]}]}}`
	want := "company Holding Ltd [] 10-10 unknown \nJane [ubo] ?-? declined \ncompany Deep Ltd [] ?-? unknown \nMax M [] ?-? unknown \n [] ?-? unknown "
	if diff := cmp.Diff(want, parties(t, keyPeople, `{}`)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r, err := ParseResult([]byte(`{"session_id":"s","session_kind":"business","status":"In Review","key_people_checks":[` + keyPeople + `]}`))
	if err != nil || len(r.Parties) != 5 || r.Parties[3].Pointer != "/key_people_checks/0/registry/beneficial_owners/0/child_beneficial_owners/1/child_beneficial_owners/0" {
		t.Errorf("%v, %v", r, err)
	}
	// Neither the depth nor the time that a hostile answer costs is without bound.
	deep := strings.Repeat(`{"name":"n","child_beneficial_owners":[`, 400) + strings.Repeat(`]}`, 400)
	if n := strings.Count(parties(t, `{"registry":{"beneficial_owners":[`+deep+`]}}`, `{}`), "\n"); n != maxLevels {
		t.Errorf("%d owners behind one", n)
	}
}

package main

import (
	"html/template"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// decisionWords are the decisions for people.
var decisionWords = [...]string{
	kyc.Unknown: "unknown", kyc.Pending: "pending", kyc.InputRequired: "input required", kyc.Review: "review", kyc.Approved: "approved",
	kyc.Declined: "declined", kyc.Expired: "expired", kyc.Abandoned: "abandoned", kyc.Failed: "failed",
}

func words(d kyc.Decision) string { return decisionWords[d] }

func parsePages() (map[string]*template.Template, error) {
	functions := template.FuncMap{
		"words": words,
		"clock": func(t time.Time) string { return t.Format(time.TimeOnly) },
		"iso":   func(t time.Time) string { return t.Format(time.RFC3339) },
		"kind":  func(k kyc.CheckKind) string { return label(string(k)) },
		"score": func(s kyc.Score) string { return strconv.FormatFloat(s.Value, 'g', -1, 64) },
		"scale": func(s kyc.Score) string {
			if s.Min == s.Max {
				return "no scale documented"
			}
			return strconv.FormatFloat(s.Min, 'g', -1, 64) + " to " + strconv.FormatFloat(s.Max, 'g', -1, 64)
		},
	}
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "check", "mappings", "fault"} {
		t, err := template.New(name).Funcs(functions).ParseFS(files, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, err
		}
		pages[name] = t
	}
	return pages, nil
}

type homePage struct {
	Fault   string
	Again   again
	Token   string
	Vendors []*vendor
	Checks  []checkRow
}

// again is what the form of one vendor keeps of a press that left it open whether there is a session.
type again struct {
	Vendor                       kyc.Vendor
	Reference, Outcome, Workflow string
}

type checkRow struct {
	ID, Vendor string
	Started    time.Time
	Decision   kyc.Decision
	Ended      bool
}

// homePage fills in what p has not said yet.
func (a *app) homePage(session string, p homePage) homePage {
	p.Token, p.Vendors = a.token(session), a.vendors
	for _, c := range a.owned(session) {
		s := c.state(time.Now())
		row := checkRow{ID: c.ID, Vendor: c.Vendor.Name, Started: c.Started, Ended: s.Ended, Decision: kyc.Pending}
		if s.Result != nil {
			row.Decision = s.Result.Decision
		}
		p.Checks = append(p.Checks, row)
	}
	return p
}

type faultPage struct{ Title, Text string }

type mappingsPage struct {
	Vendors []mapping
	Unnamed kyc.Decision // what a word gives that no row names
}

type mapping struct {
	ID, Name string
	Fields   []fieldRules
}

type fieldRules struct {
	Field string
	Rules kyc.Table
}

func (a *app) mappingsPage() mappingsPage {
	var p mappingsPage
	for _, v := range a.vendors {
		m := mapping{ID: string(v.ID), Name: v.Name}
		for _, rule := range v.Table {
			i := slices.IndexFunc(m.Fields, func(f fieldRules) bool { return f.Field == rule.Field })
			if i < 0 {
				i = len(m.Fields)
				m.Fields = append(m.Fields, fieldRules{Field: rule.Field})
			}
			m.Fields[i].Rules = append(m.Fields[i].Rules, rule)
		}
		p.Vendors = append(p.Vendors, m)
	}
	return p
}

type checkPage struct {
	ID, Vendor, Place, Outcome, Token string
	Started                           time.Time
	Ref, Reference                    string
	Link                              string // where the person goes, with the real service only
	State                             state
	Decision                          kyc.Decision
	Status                            string
	Checks                            []checkView
	Groups                            []fieldGroup
	Evidence                          []evidenceView
	Lines                             []jsonLine
	Plain                             bool // the answer is no JSON
	ShowFor                           int  // minutes
}

type checkView struct {
	kyc.Check
	Anchor string
}

type evidenceView struct {
	Number                int
	Pointer, Rule, Anchor string
	Value                 string
	Hidden, Missing       bool
	Deciding              bool
}

// fieldGroup is a person, a document or a company.
type fieldGroup struct {
	Title, Anchor string
	Fields        []field
}

type field struct{ Label, Value string }

func (a *app) checkPage(c *check, now time.Time) checkPage {
	s := c.state(now)
	p := checkPage{
		ID: c.ID, Vendor: c.Vendor.Name, Place: place(c.Vendor), Outcome: c.Outcome, Token: a.token(c.Owner), Started: c.Started,
		Ref: c.Session.Ref.String(), Reference: c.Reference, State: s, Decision: kyc.Pending, ShowFor: int(showFor.Minutes()),
	}
	if c.Vendor.Live != "" && !s.Ended {
		p.Link = c.Session.URL.Reveal()
	}
	r := s.Result
	if r == nil {
		return p
	}
	p.Decision, p.Status = r.Decision, r.Status
	lines, anchors := viewJSON(r, publicWords(r, c), secretOf(c.Session), s.Shown)
	p.Lines, p.Plain = lines, lines == nil
	for _, check := range r.Checks {
		p.Checks = append(p.Checks, checkView{check, anchors[check.Ref]})
	}
	for i, e := range r.Evidence {
		v := evidenceView{Number: i + 1, Pointer: e.Pointer, Rule: e.Rule, Deciding: e.Deciding, Anchor: anchors[e.Pointer], Missing: e.Value == nil}
		// Evidence that decides is the vendor's own word. The rest is what was read off a person's document.
		if v.Hidden = !e.Deciding && !s.Shown; !v.Hidden {
			v.Value = string(e.Value)
		}
		p.Evidence = append(p.Evidence, v)
	}
	if r.Person != nil {
		p.Groups = append(p.Groups, fieldGroup{Title: "Person", Fields: fields(r.Person, s.Shown)})
	}
	if r.Company != nil {
		p.Groups = append(p.Groups, fieldGroup{Title: "Company", Fields: fields(r.Company, s.Shown)})
	}
	for _, d := range r.Documents {
		p.Groups = append(p.Groups, fieldGroup{Title: "Document", Anchor: anchors[d.Ref], Fields: fields(&d, s.Shown)})
	}
	return p
}

// publicWords tells the values that stand in the redacted result and in the vendor's table, so that the
// answer can show them as well.
func publicWords(r *kyc.Result, c *check) func(string) bool {
	known := map[string]bool{
		c.Reference: true, r.Ref.Account: true, r.Ref.Session: true, c.Session.Ref.Account: true, c.Session.Ref.Session: true,
	}
	for _, rule := range c.Vendor.Table {
		known[rule.Word] = true
	}
	for _, check := range r.Checks {
		known[check.VendorName], known[check.Status] = true, true
		for _, reason := range check.Reasons {
			known[reason.Code], known[reason.Category] = true, true
		}
	}
	return func(value string) bool { return known[value] }
}

// secretOf tells the values by which somebody could go on with the person's session.
func secretOf(s *kyc.Session) func(string) bool {
	return func(value string) bool {
		for _, secret := range []kyc.Secret{s.Token, s.URL} {
			if secret != "" && strings.Contains(value, secret.Reveal()) {
				return true
			}
		}
		return false
	}
}

// fields lists what is set of a struct of package kyc. Values of fields that are tagged as personal are left out unless shown.
func fields(v any, show bool) []field {
	return appendFields(nil, "", reflect.ValueOf(v).Elem(), show)
}

func appendFields(out []field, prefix string, v reflect.Value, show bool) []field {
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if value.IsZero() || name == "ref" {
			continue
		}
		if value.Kind() == reflect.Pointer {
			out = appendFields(out, prefix+label(name)+": ", value.Elem(), show)
			continue
		}
		text := ""
		if show || f.Tag.Get("kyc") != "personal" {
			if lines, ok := value.Interface().([]string); ok {
				text = strings.Join(lines, ", ")
			} else {
				text = value.String()
			}
		}
		out = append(out, field{prefix + label(name), text})
	}
	return out
}

// label writes a name in snake case for people.
func label(name string) string {
	if name == "nfc" {
		return "NFC"
	}
	text := strings.ReplaceAll(name, "_", " ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

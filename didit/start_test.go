package didit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A session that is open already expects whom it expected first.
func TestStartForAnotherPerson(t *testing.T) {
	anna := &kyc.Person{FirstName: "Anna", MiddleName: "B", LastName: "One", DateOfBirth: "1980-01-01", Gender: "F", Nationality: "ESP", PersonalNumber: "77",
		Address: &kyc.Address{Lines: []string{"1 Street"}, City: "Town", Country: "ESP"}, Email: "anna@example.com", Phone: "+34600600600"}
	change := func(f func(*kyc.Person)) *kyc.Person {
		p, address := *anna, *anna.Address
		p.Address = &address
		f(&p)
		return &p
	}
	for _, c := range []struct {
		name  string
		first *kyc.Person
		again *kyc.Person
		field string
	}{
		{"the same", anna, anna, ""},
		{"the same in capitals", anna, change(func(p *kyc.Person) { p.FirstName, p.LastName = "ANNA", " ONE" }), ""},
		{"less of the same", anna, &kyc.Person{FirstName: "Anna B"}, ""},
		{"nobody in particular", anna, nil, ""},
		{"nobody was expected", nil, anna, "Person.FirstName"},
		{"first name", anna, change(func(p *kyc.Person) { p.FirstName = "Bert" }), "Person.FirstName"},
		{"middle name", anna, change(func(p *kyc.Person) { p.MiddleName = "C" }), "Person.FirstName"},
		{"last name", anna, change(func(p *kyc.Person) { p.LastName = "Two" }), "Person.LastName"},
		{"birth date", anna, change(func(p *kyc.Person) { p.DateOfBirth = "1981-01-01" }), "Person.DateOfBirth"},
		{"gender", anna, change(func(p *kyc.Person) { p.Gender = "M" }), "Person.Gender"},
		{"nationality", anna, change(func(p *kyc.Person) { p.Nationality = "FRA" }), "Person.Nationality"},
		{"personal number", anna, change(func(p *kyc.Person) { p.PersonalNumber = "78" }), "Person.PersonalNumber"},
		{"address", anna, change(func(p *kyc.Person) { p.Address.City = "Village" }), "Person.Address"},
		{"country", anna, change(func(p *kyc.Person) { p.Address.Country = "FRA" }), "Person.Address.Country"},
		{"e-mail", anna, change(func(p *kyc.Person) { p.Email = "bert@example.com" }), "Person.Email"},
		{"phone", anna, change(func(p *kyc.Person) { p.Phone = "+34600600601" }), "Person.Phone"},
	} {
		for _, begun := range []bool{false, true} {
			server := didittest.NewServer()
			cl := client(t, server)
			a := must(cl.Start(t.Context(), kyc.StartRequest{Reference: "u-1", Person: c.first}))(t)
			if begun {
				server.Move(a.Ref.Session, didit.StatusInProgress)
			}
			b, err := cl.Start(t.Context(), kyc.StartRequest{Reference: "u-1", Person: c.again})
			switch {
			case c.field == "":
				if err != nil || b.Ref != a.Ref {
					t.Errorf("%s: %v, %v", c.name, b, err)
				}
			case !errors.Is(err, kyc.ErrConflict) || !strings.Contains(err.Error(), a.Ref.Session) || !strings.Contains(err.Error(), c.field+":"):
				t.Errorf("%s: %v, %v", c.name, b, err)
			}
			server.Close()
		}
	}
}

// When the session cannot be looked at, it is open all the same.
func TestStartCannotLook(t *testing.T) {
	server := didittest.NewServer(didittest.Answer("Sessions.Decision", 1, 403, "application/json", `{"detail":"You do not have permission to perform this action."}`))
	defer server.Close()
	req := kyc.StartRequest{Reference: "u-1", Person: &kyc.Person{LastName: "One"}}
	_, err := client(t, server).Start(t.Context(), req)
	if !errors.Is(err, kyc.ErrUnavailable) || !kyc.Uncertain(err) || strings.Contains(err.Error(), "One") {
		t.Errorf("a look that is refused: %v", err)
	}
	must(client(t, server).Start(t.Context(), req))(t)
	if n := server.Created(); n != 1 {
		t.Errorf("%d sessions", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := client(t, server, kyc.WithObserver(func(_ context.Context, o kyc.Observation) {
		if o.Operation == "sessions.create" && o.Done {
			cancel()
		}
	}))
	if _, err = c.Start(ctx, req); !errors.Is(err, context.Canceled) || !kyc.Uncertain(err) {
		t.Errorf("a look that is given up: %v", err)
	}
}

// TestStartSendsOrRefuses gives every member of a StartRequest a value: it goes out, or an error names it.
func TestStartSendsOrRefuses(t *testing.T) {
	values := map[string]any{
		"Workflow": didittest.Workflow, "RedirectURL": "https://app.example/mark", "NotifyURL": "https://app.example/mark", "Locale": "pt-BR", "TTL": time.Hour,
		"Metadata": map[string]string{"k": "mark"}, "Person.DateOfBirth": kyc.Date("1981-02-03"), "Person.Gender": "F", "Person.Nationality": "ESP",
		"Person.Address.Country": "FRA", "Person.Email": "mark@example.com", "Person.Phone": "+34600600600", "Person.Address.Lines": []string{"mark"},
		"Consent.Obtained": true, "Consent.ObtainedAt": time.Unix(1, 0),
	}
	marks := map[string]string{
		"TTL": "-", "Metadata": "mark", "Consent.Obtained": "-", "Consent.ObtainedAt": "-", "Person.DateOfBirth": "1981-02-03", "Person.Address.Lines": "mark",
	}
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	seen := 0
	for _, path := range fields(reflect.TypeFor[kyc.StartRequest](), "") {
		// Beside it stand members that it does without, and members that it is dropped for most easily.
		for variant, beside := range map[string]func(*kyc.StartRequest){
			"alone":             func(*kyc.StartRequest) {},
			"beside a name":     func(r *kyc.StartRequest) { r.Person = &kyc.Person{FirstName: "F", LastName: "L"} },
			"beside an address": func(r *kyc.StartRequest) { r.Person = &kyc.Person{Address: &kyc.Address{City: "C", Country: "ESP"}} },
			"beside one line": func(r *kyc.StartRequest) {
				r.Person = &kyc.Person{Address: &kyc.Address{Formatted: "F", Country: "ESP"}}
			},
			"beside another name": func(r *kyc.StartRequest) { r.Person = &kyc.Person{FullName: "F L", FirstName: "F", LastName: "L"} },
		} {
			seen++
			req := kyc.StartRequest{Reference: fmt.Sprint("r-", seen)}
			beside(&req)
			value, given := values[path]
			if !given {
				value = "mark"
			}
			if path == "Reference" {
				value = "mark " + req.Reference
			}
			put(reflect.ValueOf(&req).Elem(), path, value)
			before := len(server.Golden("Sessions.Create"))
			_, err := c.Start(t.Context(), req)
			sent := strings.Join(server.Golden("Sessions.Create")[before:], "")
			mark, marked := marks[path]
			if !marked {
				mark = fmt.Sprint(value)
			}
			switch {
			case errors.Is(err, kyc.ErrInvalid):
				// Of two members that contradict each other the error may name either.
				name, _, _ := strings.Cut(path, ".")
				if !strings.Contains(err.Error(), name) || sent != "" {
					t.Errorf("%s %s: the error does not name it, or it was sent: %v", path, variant, err)
				}
				if bytes.Contains([]byte(err.Error()), []byte("ExpectedDetails")) || strings.Contains(err.Error(), "Callback") {
					t.Errorf("%s %s: the error names what the caller does not know: %v", path, variant, err)
				}
			case err != nil:
				t.Errorf("%s %s: %v", path, variant, err)
			case !strings.Contains(sent, mark):
				t.Errorf("%s %s was dropped: %s", path, variant, sent)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d requests", seen)
	}
}

// fields lists the members of a struct and of the structs in it.
func fields(t reflect.Type, at string) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		if k := f.Type; k.Kind() == reflect.Pointer {
			out = append(out, fields(k.Elem(), at+f.Name+".")...)
			continue
		}
		out = append(out, at+f.Name)
	}
	return out
}

func put(v reflect.Value, path string, value any) {
	name, rest, deeper := strings.Cut(path, ".")
	f := v.FieldByName(name)
	if !deeper {
		f.Set(reflect.ValueOf(value).Convert(f.Type()))
		return
	}
	if f.IsNil() {
		f.Set(reflect.New(f.Type().Elem()))
	}
	put(f.Elem(), rest, value)
}

// Errors are in the words of the request that the caller made.
func TestStartErrorsNameItsFields(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	cfg := server.Config()
	cfg.Workflow = ""
	c := must(didit.NewClient(cfg))(t)
	full := client(t, server)
	for _, x := range []struct {
		c    *didit.Client
		req  kyc.StartRequest
		want string
	}{
		{c, kyc.StartRequest{Reference: "r"}, "Workflow"},
		{full, kyc.StartRequest{}, "Reference"},
		{full, kyc.StartRequest{Reference: "r", RedirectURL: "back"}, "RedirectURL"},
		{full, kyc.StartRequest{Reference: "r", NotifyURL: "https://a.example"}, "NotifyURL"},
		{full, kyc.StartRequest{Reference: "r", TTL: time.Hour}, "TTL"},
		{full, kyc.StartRequest{Reference: "r", Locale: "xx"}, "Locale"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{DateOfBirth: "1.2.1980"}}, "Person.DateOfBirth"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{Nationality: "Spain"}}, "Person.Nationality"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{Address: &kyc.Address{Country: "Spain"}}}, "Person.Address.Country"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{Address: &kyc.Address{City: "Madrid"}}}, "Person.Address needs Country"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{Phone: "600"}}, "Person.Phone"},
		{full, kyc.StartRequest{Reference: "r", Person: &kyc.Person{Email: "nobody"}}, "Person.Email"},
	} {
		var e *kyc.Error
		if _, err := x.c.Start(t.Context(), x.req); !errors.As(err, &e) || e.Kind != kyc.ErrInvalid || e.Operation != "start" || !strings.Contains(e.Detail, x.want) || strings.Contains(e.Detail, "ExpectedDetails") {
			t.Errorf("%s: %v", x.want, err)
		}
	}
	if server.Total() != 0 {
		t.Errorf("%d requests were sent", server.Total())
	}
}

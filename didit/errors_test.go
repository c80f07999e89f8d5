package didit

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// failure is what the pipeline makes of an answer before describe sees it.
func failure(op string, status int, contentType string, body []byte) *kyc.Error {
	e := (&kyc.Error{Vendor: kyc.Didit, Operation: op, Kind: kyc.KindOf(status), StatusCode: status}).WithBody(body)
	describe(e, http.Header{"Content-Type": {contentType}}, body)
	return e
}

func TestErrorForms(t *testing.T) {
	for _, c := range []struct {
		name, message string
		fields        []FieldError
	}{
		{"01-detail.json", "Not found.", []FieldError{{"", "Not found."}}},
		{"02-detail-list.json", "Only finished sessions can be shared.", []FieldError{{"", "Only finished sessions can be shared."}}},
		{"03-error.json", "You do not have enough credits.", []FieldError{{"", "You do not have enough credits."}}},
		{"04-error-list-fields.json", "A field is missing.; tax_number", []FieldError{{"", "A field is missing."}, {"fields_required_by.bra_tax", "tax_number"}}},
		{"05-error-validation.json", "No service answered.; REGISTRY_UNAVAILABLE; The registry does not answer.; bra_tax", []FieldError{
			{"", "No service answered."}, {"validation_errors[0].code", "REGISTRY_UNAVAILABLE"}, {"validation_errors[0].message", "The registry does not answer."}, {"validation_errors[0].service_id", "bra_tax"},
		}},
		{"06-field-list.json", "This field is required.", []FieldError{{"workflow_id", "This field is required."}}},
		{"07-field-text.json", "Invalid workflow_id.", []FieldError{{"workflow_id", "Invalid workflow_id."}}},
		{"08-nested.json", "Ensure this value is less than or equal to 8.", []FieldError{{"options.code_size", "Ensure this value is less than or equal to 8."}}},
		{"09-list-of-lists.json", "Unknown feature.", []FieldError{{"features[0]", "Unknown feature."}}},
		{"10-list-of-objects.json", "This field is required.", []FieldError{{"form_elements[1].label", "This field is required."}}},
		{"11-nested-text.json", "Not a number.", []FieldError{{"extra_fields.height", "Not a number."}}},
		{"12-non-field.json", "Either session_numbers or delete_all is required.", []FieldError{{"", "Either session_numbers or delete_all is required."}}},
		{"13-services-onboarding.json", "bra_tax; Service not enabled.", []FieldError{{"requires_onboarding", "bra_tax"}, {"services", "Service not enabled."}}},
		{"14-bare-list.json", "The new status is the same as the current status.", []FieldError{{"", "The new status is the same as the current status."}}},
		{"15-html.html", "", nil},
		{"16-empty.txt", "", nil},
	} {
		contentType := "application/json"
		if strings.HasSuffix(c.name, "html") {
			contentType = "text/html; charset=utf-8"
		}
		e := failure("sessions.update_status", http.StatusBadRequest, contentType, fixture(t, "errors/"+c.name))
		if e.Message != c.message {
			t.Errorf("%s: message %q, want %q", c.name, e.Message, c.message)
		}
		got := FieldErrors(fmt.Errorf("wrapped: %w", e))
		if len(got) != len(c.fields) {
			t.Errorf("%s: %d messages, want %d", c.name, len(got), len(c.fields))
			continue
		}
		for i := range got {
			if got[i] != c.fields[i] {
				t.Errorf("%s: message %d is about %q: %q", c.name, i, got[i].Field, got[i].Message)
			}
		}
		for _, text := range []string{e.Error(), fmt.Sprintf("%+v %#v", e, got)} {
			for _, f := range c.fields {
				if strings.Contains(text, f.Message) {
					t.Errorf("%s: the vendor's text is printed: %s", c.name, text)
				}
			}
		}
	}
	if FieldErrors(errors.New("x")) != nil || FieldErrors(nil) != nil || FieldErrors(&kyc.Error{Vendor: kyc.Yoti}) != nil {
		t.Error("messages of what is no failed call")
	}
}

func TestErrorCauses(t *testing.T) {
	for _, c := range []struct {
		name, op, fixture string
		status            int
		kind, cause       error
	}{
		{"no credentials as 403", opDecision, "403-credentials.json", 403, kyc.ErrUnauthorized, nil},
		{"no credentials as 401", opShare, "403-credentials.json", 401, kyc.ErrUnauthorized, nil},
		{"no permission", opDecision, "403-permission.json", 403, kyc.ErrForbidden, nil},
		{"no permission for a report", opPDF, "403-permission.json", 403, kyc.ErrForbidden, nil},
		{"no credentials for a report", opPDF, "403-credentials.json", 403, kyc.ErrUnauthorized, nil},
		{"no credits on create", opCreate, "400-no-credits.json", 400, kyc.ErrForbidden, ErrNoCredits},
		{"no credits elsewhere", "checks.aml", "03-error.json", 403, kyc.ErrForbidden, ErrNoCredits},
		{"report of an open session", opPDF, "403-pdf-state.json", 403, kyc.ErrConflict, ErrSessionState},
		{"imported already", opImportShared, "403-already-imported.json", 403, kyc.ErrConflict, ErrAlreadyImported},
		{"same status", opUpdateStatus, "14-bare-list.json", 400, kyc.ErrConflict, ErrSessionState},
		{"field", opCreate, "06-field-list.json", 400, kyc.ErrInvalid, nil},
		{"unknown", opDecision, "404-unknown.json", 404, kyc.ErrNotFound, nil},
		{"not retrievable", opDecision, "404-not-retrievable.json", 404, kyc.ErrNotFound, nil},
		{"throttled", opDecision, "429-throttled.json", 429, kyc.ErrRateLimited, nil},
		{"throttled read", opDecision, "429-get.json", 429, kyc.ErrRateLimited, nil},
	} {
		e := failure(c.op, c.status, "application/json", fixture(t, "errors/"+c.fixture))
		if !errors.Is(e, c.kind) || (c.cause != nil && !errors.Is(e, c.cause)) || (c.cause == nil && e.Err != nil) {
			t.Errorf("%s: kind %v, cause %v; want %v, %v", c.name, e.Kind, e.Err, c.kind, c.cause)
		}
	}
	page := failure(opDecision, 404, "text/html; charset=utf-8", fixture(t, "errors/15-html.html"))
	if !errors.Is(page, kyc.ErrNotFound) || !errors.Is(page, ErrBadPath) {
		t.Errorf("a page: %v", page)
	}
	blocked := failure(opCreate, 400, "application/json", []byte(`{"vendor_data": "This user is blocked."}`))
	if !errors.Is(blocked, ErrBlocked) || !errors.Is(blocked, kyc.ErrConflict) {
		t.Errorf("a blocked user: %v", blocked)
	}
	coded := failure("checks.id", 400, "application/json", []byte(`{"error":"COULD_NOT_RECOGNIZE_DOCUMENT"}`))
	if coded.Code != "COULD_NOT_RECOGNIZE_DOCUMENT" {
		t.Errorf("code %q", coded.Code)
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, name := range fixtureNames(f, "errors/*") {
		f.Add(fixture(f, name), 400, opPDF, "application/json")
	}
	f.Add([]byte(strings.Repeat(`{"a":[`, 200)), 403, opImportShared, "text/html")
	f.Fuzz(func(t *testing.T, body []byte, status int, op, contentType string) {
		e := failure(op, status, contentType, body)
		if e.Kind == nil {
			t.Fatal("a failed call without a kind")
		}
		if got := FieldErrors(e); len(got) > maxMessages {
			t.Fatalf("%d messages", len(got))
		}
		if status == 404 && !errors.Is(e, kyc.ErrNotFound) || status == 429 && !errors.Is(e, kyc.ErrRateLimited) || status >= 500 && !errors.Is(e, kyc.ErrUnavailable) {
			t.Fatalf("a text changes what status %d means: %v", status, e.Kind)
		}
		if text := e.Error(); text == "" || len(text) > 500 {
			t.Fatalf("error text %q", text)
		}
	})
}

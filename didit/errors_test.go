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

func TestErrorCausesByText(t *testing.T) {
	for _, c := range []struct {
		op          string
		status      int
		body        string
		kind, cause error
	}{
		{opImportShared, 403, `{"detail":"This session was already imported."}`, kyc.ErrConflict, ErrAlreadyImported},
		{opImportShared, 403, `{"detail":"Imports are not enabled for this application."}`, kyc.ErrForbidden, nil},
		{opImportShared, 403, `{"detail":"The token belongs to an application that may not import."}`, kyc.ErrForbidden, nil},
		{opImportShared, 403, `{"detail":"You already have a key."}`, kyc.ErrForbidden, nil},
		{opPDF, 403, `{"detail":"Your IP address is not allowed to call this endpoint."}`, kyc.ErrForbidden, nil},
		{opPDF, 403, `{"detail":"Your IP address has the status blocked."}`, kyc.ErrForbidden, nil},
		{opPDF, 403, `{"detail":"This statement is not for the United Kingdom."}`, kyc.ErrForbidden, nil},
		{opPDF, 403, `{"detail":"The key is not allowed to use this resource."}`, kyc.ErrForbidden, nil},
		{opPDF, 403, `{"detail":"Reports exist for sessions that are Approved, Declined, In Review or Kyc Expired."}`, kyc.ErrConflict, ErrSessionState},
		{opPDF, 403, `{"detail":"A session that is In Progress has no report."}`, kyc.ErrConflict, ErrSessionState},
		{opDecision, 403, `{"detail":"The status of this session is hidden."}`, kyc.ErrForbidden, nil},
		{opUpdateStatus, 400, `{"detail":"The current status must be one of Approved, Declined, In Review, Kyc Expired, Abandoned, Resubmitted."}`, kyc.ErrConflict, ErrSessionState},
		{opUpdateStatus, 400, `["Only sessions that are Approved, Declined or In Review can be changed."]`, kyc.ErrConflict, ErrSessionState},
		{opUpdateStatus, 400, `{"new_status":["This status is not a valid choice."]}`, kyc.ErrInvalid, nil},
		{opUpdateStatus, 400, `{"nodes_to_resubmit":"The state of this node does not allow it."}`, kyc.ErrInvalid, nil},
		{opUpdateStatus, 400, `{"detail":"Malformed request."}`, kyc.ErrInvalid, nil},
		{"sessions.update_feature_status", 400, `{"detail":"The status cannot be set."}`, kyc.ErrInvalid, nil},
		{opShare, 400, `{"detail":["Only Approved, Declined or In Review sessions can be shared."]}`, kyc.ErrConflict, ErrSessionState},
		{opShare, 400, `{"for_application_id":["The state of this application does not allow it."]}`, kyc.ErrInvalid, nil},
		{opShare, 401, `{"detail":"The status of the key is unknown."}`, kyc.ErrUnauthorized, nil},
	} {
		e := failure(c.op, c.status, "application/json", []byte(c.body))
		if !errors.Is(e, c.kind) || (c.cause != nil && !errors.Is(e, c.cause)) || (c.cause == nil && e.Err != nil) {
			t.Errorf("%s %d %s: kind %v, cause %v; want %v, %v", c.op, c.status, c.body, e.Kind, e.Err, c.kind, c.cause)
		}
	}
}

// A code is printed, so nothing counts as one that may be somebody's number or name.
func TestErrorCodes(t *testing.T) {
	for _, body := range []string{
		`{"detail":"AB1234567"}`, `["99999999R"]`, `{"error":123456789}`, `{"error":400}`, `{"detail":"GARCIA"}`, `{"error":"P_1234567"}`, `{"error":"_"}`, `{"error":"A__B"}`,
		`{"error":"X_"}`, `{"error":"could_not"}`, `{"detail":"` + strings.Repeat("A_", 40) + `A"}`, `{"tax_number":"COULD_NOT"}`,
	} {
		if e := failure(opCreate, 400, "application/json", []byte(body)); e.Code != "" || strings.Contains(e.Error(), "code") {
			t.Errorf("%s prints %s", body, e)
		}
	}
	if e := failure(opCreate, 400, "application/json", []byte(`["COULD_NOT_RECOGNIZE_DOCUMENT"]`)); e.Code != "COULD_NOT_RECOGNIZE_DOCUMENT" {
		t.Errorf("code %q", e.Code)
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, name := range fixtureNames(f, "errors/*") {
		f.Add(fixture(f, name), 400, opPDF, "application/json")
	}
	f.Add([]byte(strings.Repeat(`{"a":[`, 200)), 403, opImportShared, "text/html")
	for _, body := range []string{`{"detail":"AB1234567"}`, `["99999999R"]`, `{"error":123456789}`, `{"error":"P_1234567"}`} {
		f.Add([]byte(body), 400, opCreate, "application/json")
	}
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
		// Numbers of documents and telephones have digits, names have no underscores.
		if e.Code != "" && (strings.ContainsAny(e.Code, "0123456789") || !strings.Contains(e.Code, "_")) {
			t.Fatalf("%q becomes the code %q", body, e.Code)
		}
		if text := e.Error(); text == "" || len(text) > 500 {
			t.Fatalf("error text %q", text)
		}
	})
}

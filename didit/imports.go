package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opStartImport    = "sessions.start_import"
	opImport         = "sessions.import"
	opImportErrors   = "sessions.import_errors"
	opImportTemplate = "sessions.import_template"

	// maxImport is the longest file that the vendor documents.
	maxImport = 25 << 20
)

// ImportRequest starts an import of historical data, from a file or from where
// the vendor can read one.
type ImportRequest struct {
	// Type is the kind of data.
	Type ImportType
	// WorkflowID is the workflow that the data are filed under; empty for the client's.
	WorkflowID string
	// SourceFormat is the file's format, csv or ndjson.
	SourceFormat string
	// File is the data, at most 25 MB.
	File kyc.File
	// SourceFileURL is an https URL to read the data from, in place of File. It may hold a signature.
	SourceFileURL kyc.Secret
}

// Format prints the type's name and the kind of data only; see [kyc.FormatRedacted].
func (r ImportRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name and the kind of data only; see [kyc.LogRedacted].
func (r ImportRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// StartImport starts an import. The vendor must have enabled imports for the
// application, takes one at a time, and none in a sandbox.
func (s *SessionsService) StartImport(ctx context.Context, req ImportRequest, opts ...kyc.Option) (*ImportJob, error) {
	if req.WorkflowID == "" {
		req.WorkflowID = s.c.workflow
	}
	if req.Type == "" {
		return nil, kyc.Invalid(kyc.Didit, opStartImport, "Type is empty")
	}
	if req.File.IsZero() == (req.SourceFileURL == "") {
		return nil, kyc.Invalid(kyc.Didit, opStartImport, "give either File or SourceFileURL")
	}
	fields := []transport.Field{{Name: "import_type", Text: string(req.Type)}}
	add := func(name, text string) {
		if text != "" {
			fields = append(fields, transport.Field{Name: name, Text: text})
		}
	}
	add("workflow_id", req.WorkflowID)
	add("source_format", req.SourceFormat)
	if req.File.IsZero() {
		if u, err := url.Parse(req.SourceFileURL.Reveal()); err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, kyc.Invalid(kyc.Didit, opStartImport, "SourceFileURL is not an https URL")
		}
		add("source_file_url", req.SourceFileURL.Reveal())
	} else {
		size, err := req.File.Size()
		if err != nil || size == 0 || size > maxImport {
			return nil, kyc.Invalid(kyc.Didit, opStartImport, "the file cannot be read, is empty or is longer than 25 MB")
		}
		fields = append(fields, transport.Field{Name: "file", File: req.File})
	}
	body, err := transport.MultipartBody(fields...)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, opStartImport, "the file has no name or cannot be read")
	}
	var out ImportJob
	_, err = s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: opStartImport, Class: transport.IfNotProcessed}, Method: http.MethodPost, Base: s.c.base,
		Path: "/v3/session/imports/", Body: body, Limiter: s.c.budgets.writes, Out: &out,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Import reads the state of an import.
func (s *SessionsService) Import(ctx context.Context, importID string, opts ...kyc.Option) (*ImportJob, error) {
	return get[ImportJob](ctx, s.c, opImport, "/v3/session/imports/{}/", []string{importID}, opts)
}

// ImportErrors reads what an import refused. The shape is not published, so the
// vendor's JSON is returned as it is.
func (s *SessionsService) ImportErrors(ctx context.Context, importID string, opts ...kyc.Option) (json.RawMessage, error) {
	return s.raw(ctx, opImportErrors, "/v3/session/imports/{}/errors/", []string{importID}, opts)
}

// ImportTemplate writes the CSV template of an import to w. An empty kind
// leaves the choice to the vendor.
func (s *SessionsService) ImportTemplate(ctx context.Context, kind ImportType, w io.Writer, opts ...kyc.Option) (*Download, error) {
	if w == nil {
		return nil, kyc.Invalid(kyc.Didit, opImportTemplate, "the writer is nil")
	}
	query := url.Values{}
	if kind != "" {
		query.Set("import_type", string(kind))
	}
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: opImportTemplate, Class: transport.Safe}, Method: http.MethodGet, Base: s.c.base,
		Path: "/v3/session/imports/template/", Query: query.Encode(), Limiter: s.c.budgets.reads, Accept: "text/csv", Sink: w,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return downloaded(answer), nil
}

// SandboxScenarios reads the catalogue of outcomes that a sandbox can simulate.
// The shape is not published, so the vendor's JSON is returned as it is.
func (s *SessionsService) SandboxScenarios(ctx context.Context, opts ...kyc.Option) (json.RawMessage, error) {
	return s.raw(ctx, opScenarios, "/v1/sandbox/scenarios/", nil, opts)
}

func (s *SessionsService) raw(ctx context.Context, op, path string, ids []string, opts []kyc.Option) (json.RawMessage, error) {
	var out json.RawMessage
	_, err := s.c.send(ctx, request{
		op: op, class: transport.Safe, method: http.MethodGet, path: path, ids: ids, out: &out, budget: s.c.budgets.reads,
	}, opts)
	return out, err
}

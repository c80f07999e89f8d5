package didit

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opDatabaseValidation = "checks.database_validation"

// DatabaseValidation compares a person with official sources of a country. The
// sources decide which members they need; what is missing is an error that
// names them. Where no source answers, the error has the status 502.
func (s *ChecksService) DatabaseValidation(ctx context.Context, req DatabaseValidationRequest, opts ...kyc.Option) (*DatabaseValidationResponse, error) {
	if req.IssuingState == "" {
		return nil, kyc.Invalid(kyc.Didit, opDatabaseValidation, "IssuingState is empty")
	}
	return post[DatabaseValidationResponse](ctx, s.c, opDatabaseValidation, "/v3/database-validation/", req, opts)
}

// DatabaseValidationWithSelfie does the same with a face, for sources that
// compare one: JPEG, PNG or WebP of at most 2 MB.
//
// Experimental: the vendor documents the fields of the form by their names
// only. Lists are sent as repeated fields, objects as JSON.
func (s *ChecksService) DatabaseValidationWithSelfie(ctx context.Context, req DatabaseValidationRequest, selfie kyc.File, opts ...kyc.Option) (*DatabaseValidationResponse, error) {
	f := &form{op: opDatabaseValidation}
	if req.IssuingState == "" {
		f.fail("IssuingState is empty")
	}
	f.members(req)
	f.file("selfie", "the selfie", selfie, selfieFile)
	return upload[DatabaseValidationResponse](ctx, s.c, f, http.MethodPost, "/v3/database-validation/", opts)
}

// members adds the members of a request as fields, in the order of their names.
func (f *form) members(req any) {
	raw, err := kyc.Marshal(req)
	members := make(map[string]json.RawMessage)
	if err == nil {
		err = json.Unmarshal(raw, &members)
	}
	if err != nil {
		f.fail("the request cannot be written as JSON")
		return
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var text string
		var list []string
		switch value := members[name]; {
		case json.Unmarshal(value, &text) == nil:
			f.text(name, text)
		case json.Unmarshal(value, &list) == nil:
			for _, one := range list {
				f.text(name, one)
			}
		default:
			f.text(name, string(value))
		}
	}
}

// Check is the outcome in this module's terms. Of the options only
// [kyc.WithOverrides] matters.
func (r *DatabaseValidationResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureDatabaseValidation, kind: kyc.CheckDatabase, at: "/database_validation"}
	if b := r.DatabaseValidation; b != nil {
		v.status, v.warnings = string(b.Status), b.Warnings
		if b.MatchScore != nil {
			// To 1 as documented, to 100 in a sandbox: the scale cannot be told.
			v.score = &kyc.Score{Value: *b.MatchScore}
		}
	}
	return v.check(opts)
}

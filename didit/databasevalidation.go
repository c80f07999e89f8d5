package didit

import (
	"context"
	"encoding/json"
	"maps"
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
		err = kyc.Unmarshal(raw, &members)
	}
	if err != nil {
		f.fail("the request cannot be written as JSON")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		if text, ok := jsonText(value); ok {
			f.text(name, text)
			continue
		}
		list := jsonList(value)
		if list == nil || slices.ContainsFunc(list, func(one json.RawMessage) bool { return one[0] != '"' }) {
			f.text(name, string(value))
			continue
		}
		for _, one := range list {
			text, _ := jsonText(one)
			f.text(name, text)
		}
	}
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *DatabaseValidationResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureDatabaseValidation, kind: kyc.CheckDatabase, at: "/database_validation"}
	if b := r.DatabaseValidation; b != nil {
		v.status, v.warnings = string(b.Status), b.Warnings
		if b.MatchScore != nil {
			// To 1 as documented, to 100 in a sandbox: the scale cannot be told.
			v.score = &kyc.Score{Value: *b.MatchScore}
		}
	}
	return v.check(r.Settings(opts...))
}

package didit

import (
	"context"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opEmailSend  = "checks.email_send"
	opEmailCheck = "checks.email_check"
)

// EmailSend sends a code to an e-mail address. An address that cannot be
// reached is an answer with the status Undeliverable.
func (s *ChecksService) EmailSend(ctx context.Context, req EmailSendRequest, opts ...kyc.Option) (*EmailSendResponse, error) {
	if err := checkEmail(opEmailSend, req.Email); err != nil {
		return nil, err
	}
	if o := req.Options; o != nil {
		if err := checkCodeSize(opEmailSend, o.CodeSize); err != nil {
			return nil, err
		}
	}
	return post[EmailSendResponse](ctx, s.c, opEmailSend, "/v3/email/send/", req, opts)
}

// EmailCheck compares the code that the user entered with the one that was
// sent. A wrong code is an answer with the status Failed; the third one
// declines. The call is never repeated where the vendor may have counted an
// attempt.
func (s *ChecksService) EmailCheck(ctx context.Context, req EmailCheckRequest, opts ...kyc.Option) (*EmailCheckResponse, error) {
	if err := checkEmail(opEmailCheck, req.Email); err != nil {
		return nil, err
	}
	if n := len(req.Code.Reveal()); n == 0 || n > 10 {
		return nil, kyc.Invalid(kyc.Didit, opEmailCheck, "Code is empty or longer than ten characters")
	}
	return post[EmailCheckResponse](ctx, s.c, opEmailCheck, "/v3/email/check/", req, opts)
}

func checkEmail(op, address string) error {
	if at := strings.LastIndexByte(address, '@'); at <= 0 || at == len(address)-1 || strings.ContainsAny(address, " \t\r\n") {
		return kyc.Invalid(kyc.Didit, op, "Email is no address")
	}
	return nil
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect. Approved needs both the answer and the address's
// own block to say so. Failed, which leaves the user further attempts, and
// Expired or Not Found are no words of the table and so Unknown.
func (r *EmailCheckResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureEmailVerification, kind: kyc.CheckEmail, status: string(r.Status), at: "/status"}
	var inner FeatureStatus
	if b := r.Email; b != nil {
		inner, v.warnings, v.at = b.Status, b.Warnings, "/email"
	}
	return v.agreeing(inner, r.Settings(opts...))
}

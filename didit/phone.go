package didit

import (
	"context"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opPhoneSend  = "checks.phone_send"
	opPhoneCheck = "checks.phone_check"

	maxPhone = 20
)

// PhoneSend sends a code to a telephone number, by WhatsApp where the request
// names no channel. A number gets at most four messages an hour; after that the
// error matches [kyc.ErrRateLimited], without a time to wait. The account must
// have been topped up once.
func (s *ChecksService) PhoneSend(ctx context.Context, req PhoneSendRequest, opts ...kyc.Option) (*PhoneSendResponse, error) {
	if err := checkPhone(opPhoneSend, req.PhoneNumber); err != nil {
		return nil, err
	}
	if o := req.Options; o != nil {
		if err := checkCodeSize(opPhoneSend, o.CodeSize); err != nil {
			return nil, err
		}
	}
	return post[PhoneSendResponse](ctx, s.c, opPhoneSend, "/v3/phone/send/", req, opts)
}

// PhoneCheck compares the code that the user entered with the one that was sent
// to the number within the last five minutes. A wrong code is an answer with
// the status Failed; the third one declines. The call is never repeated where
// the vendor may have counted an attempt.
func (s *ChecksService) PhoneCheck(ctx context.Context, req PhoneCheckRequest, opts ...kyc.Option) (*PhoneCheckResponse, error) {
	if err := checkPhone(opPhoneCheck, req.PhoneNumber); err != nil {
		return nil, err
	}
	code := req.Code.Reveal()
	if len(code) < 4 || len(code) > 8 || strings.Trim(code, "0123456789") != "" {
		return nil, kyc.Invalid(kyc.Didit, opPhoneCheck, "Code is not four to eight digits")
	}
	return post[PhoneCheckResponse](ctx, s.c, opPhoneCheck, "/v3/phone/check/", req, opts)
}

// checkPhone refuses what can be no number of E.164.
func checkPhone(op, number string) error {
	if len(number) < 5 || len(number) > maxPhone || number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" {
		return kyc.Invalid(kyc.Didit, op, "PhoneNumber is not in the form of E.164: a plus sign and digits")
	}
	return nil
}

func checkCodeSize(op string, size *int64) error {
	if size != nil && (*size < 4 || *size > 8) {
		return kyc.Invalid(kyc.Didit, op, "CodeSize is not between 4 and 8")
	}
	return nil
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect. Approved needs both the answer and the number's
// own block to say so. Failed, which leaves the user further attempts, and
// Expired or Not Found are no words of the table and so Unknown.
func (r *PhoneCheckResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeaturePhone, kind: kyc.CheckPhone, status: string(r.Status), at: "/status"}
	var inner FeatureStatus
	if b := r.Phone; b != nil {
		inner, v.warnings, v.at = b.Status, b.Warnings, "/phone"
	}
	return v.agreeing(inner, r.Settings(opts...))
}

// agreeing approves only where the block inside says the same.
func (s standalone) agreeing(inner FeatureStatus, settings kyc.Settings) kyc.Check {
	out := s.check(settings)
	if s.status = string(inner); out.Decision == kyc.Approved && s.check(settings).Decision != kyc.Approved {
		out.Decision = kyc.Unknown
	}
	return out
}

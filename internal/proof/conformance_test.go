package proof

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

func TestJumioConforms(t *testing.T) {
	kyctest.Run(t, kyctest.Subject{
		Vendor: kyc.Jumio, New: strict(t, newJumio), Outcomes: []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review, kyc.Failed, kyc.Expired},
		Words: []string{string(jumio.DecisionPassed)}, ParseResult: vendors[0].parse[0].parse,
		StartRequest: kyc.StartRequest{RedirectURL: "https://example.test/back", Locale: "de"},
	})
}

func TestTransmitConforms(t *testing.T) {
	kyctest.Run(t, kyctest.Subject{
		Vendor: kyc.Transmit, New: strict(t, newTransmit), Outcomes: []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review, kyc.InputRequired, kyc.Failed},
		Words: []string{string(transmit.RecommendationAllow)}, ParseResult: vendors[1].parse[0].parse,
		StartRequest: kyc.StartRequest{RedirectURL: "https://example.test/back"},
	})
}

func TestDiditConforms(t *testing.T) {
	kyctest.Run(t, kyctest.Subject{
		Vendor: kyc.Didit, New: strict(t, newDidit),
		Outcomes: []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review, kyc.InputRequired, kyc.Expired, kyc.Abandoned},
		Words:    []string{string(didit.StatusApproved)}, ParseResult: vendors[2].parse[0].parse,
		StartRequest: kyc.StartRequest{RedirectURL: "https://example.test/back"},
	})
}

func TestYotiConforms(t *testing.T) {
	kyctest.Run(t, kyctest.Subject{
		Vendor: kyc.Yoti, New: strict(t, newYoti), Outcomes: []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review, kyc.Expired},
		Words: []string{string(yoti.RecommendationValueApprove)}, ParseResult: vendors[3].parse[0].parse,
		StartRequest: kyc.StartRequest{RedirectURL: "https://example.test/back", Locale: "de"},
	})
}

package jumio

import (
	"fmt"
	"log/slog"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Redirect is what the web client appends to the success or error URL. The
// browser brings it, so anybody can make it up, and SUCCESS only means that the
// images were accepted: fetch the result.
type Redirect struct {
	// Ref points at the execution.
	Ref kyc.Ref
	// Status says how the journey ended.
	Status AcquisitionStatus
	// CustomerInternalReference is the caller's id of the transaction.
	CustomerInternalReference string
	// ErrorCode says why it failed; empty after a success.
	ErrorCode RedirectCode
}

// Format prints Ref, status and code only; see [kyc.FormatRedacted].
func (r Redirect) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs Ref, status and code only; see [kyc.LogRedacted].
func (r Redirect) LogValue() slog.Value { return kyc.LogRedacted(r) }

// AcquisitionStatus is how a journey in the web client ended.
type AcquisitionStatus string

// The acquisition statuses.
const (
	AcquisitionSuccess AcquisitionStatus = "SUCCESS"
	AcquisitionError   AcquisitionStatus = "ERROR"
)

// Known tells whether s is one of the constants.
func (s AcquisitionStatus) Known() bool { return s == AcquisitionSuccess || s == AcquisitionError }

// Values returns the constants.
func (AcquisitionStatus) Values() []AcquisitionStatus {
	return []AcquisitionStatus{AcquisitionSuccess, AcquisitionError}
}

// RedirectCode is the web client's reason for a failed journey.
type RedirectCode string

// The redirect codes.
const (
	// RedirectServerError: the vendor's server failed.
	RedirectServerError RedirectCode = "9100"
	// RedirectToken: the authorization token is missing, invalid or expired.
	RedirectToken RedirectCode = "9200"
	// RedirectSessionExpired: the session ran out.
	RedirectSessionExpired RedirectCode = "9210"
	// RedirectImageTransfer: an image could not be sent.
	RedirectImageTransfer RedirectCode = "9300"
	// RedirectVerificationStep: a step of the verification failed.
	RedirectVerificationStep RedirectCode = "9400"
	// RedirectNoNetwork: there was no network.
	RedirectNoNetwork RedirectCode = "9800"
	// RedirectClientError: the web client failed unexpectedly.
	RedirectClientError RedirectCode = "9801"
	// RedirectCommunication: the web client could not reach the server.
	RedirectCommunication RedirectCode = "9810"
	// RedirectNoCamera: uploads are disabled and there is no camera.
	RedirectNoCamera RedirectCode = "9820"
	// RedirectBiometricCapture: the face could not be captured.
	RedirectBiometricCapture RedirectCode = "9821"
	// RedirectCameraUnsupported: the camera does not fit.
	RedirectCameraUnsupported RedirectCode = "9822"
	// RedirectNoAcceptableSubmission: three submissions were not acceptable.
	RedirectNoAcceptableSubmission RedirectCode = "9835"
	// RedirectAuthentication: the authentication failed.
	RedirectAuthentication RedirectCode = "9836"
)

// Values returns the constants.
func (RedirectCode) Values() []RedirectCode {
	return []RedirectCode{
		RedirectServerError, RedirectToken, RedirectSessionExpired, RedirectImageTransfer, RedirectVerificationStep, RedirectNoNetwork,
		RedirectClientError, RedirectCommunication, RedirectNoCamera, RedirectBiometricCapture, RedirectCameraUnsupported,
		RedirectNoAcceptableSubmission, RedirectAuthentication,
	}
}

// Known tells whether c is one of the constants.
func (c RedirectCode) Known() bool {
	for _, known := range c.Values() {
		if c == known {
			return true
		}
	}
	return false
}

// ParseRedirect reads the query of the URL that the browser came back to.
// Parameters of the caller's own are ignored. One that is given twice, or a
// missing id, is an error matching [kyc.ErrMalformed].
//
// Whoever sits at the browser can put somebody else's ids there: before you act,
// compare the Ref with the one that you stored for this login.
func ParseRedirect(query url.Values) (Redirect, error) {
	const op = "redirect.parse"
	for _, name := range []string{"accountId", "workflowExecutionId", "acquisitionStatus", "customerInternalReference", "errorCode"} {
		if len(query[name]) > 1 {
			return Redirect{}, kyc.Malformed(kyc.Jumio, op, "a parameter is given twice", nil)
		}
	}
	r := Redirect{
		Ref:                       kyc.Ref{Vendor: kyc.Jumio, Account: query.Get("accountId"), Session: query.Get("workflowExecutionId")},
		Status:                    AcquisitionStatus(query.Get("acquisitionStatus")),
		CustomerInternalReference: query.Get("customerInternalReference"),
		ErrorCode:                 RedirectCode(query.Get("errorCode")),
	}
	if r.Ref.Account == "" || r.Ref.Session == "" {
		return Redirect{}, kyc.Malformed(kyc.Jumio, op, "the account or the workflow execution is missing", nil)
	}
	return r, nil
}

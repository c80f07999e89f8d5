package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Group applicants, and let a session look for its face among them.
func ExamplePoolsService_AddApplicant() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	pool, err := client.Pools.Create(ctx, yoti.PoolRequest{Label: "customers"})
	if err != nil {
		log.Fatal(err)
	}
	applicant, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{Face: &yoti.FaceImage{Data: "aGVsbG8="}}) // an image in base64
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Pools.AddApplicant(ctx, pool.ID, yoti.ApplicantReference{ApplicantID: applicant.ID}); err != nil {
		log.Fatal(err)
	}
	workflow := yoti.DefaultSession()
	workflow.RequestedChecks = append(workflow.RequestedChecks, yoti.RequestedCheck{
		Type:   yoti.CheckTypeFamiliarFaceSearch,
		Config: yoti.CheckConfig{PoolID: pool.ID, ApprovalCriteria: yoti.ApprovalCriteriaNoMatch}, // nobody comes twice
	})
	created, err := client.Sessions.Create(ctx, workflow)
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(created.SessionID); err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	search := session.Checks[len(session.Checks)-1]
	fmt.Println(search.Type, search.Report.Recommendation.Value)
	// Output: FAMILIAR_FACE_SEARCH APPROVE
}

// Add another face to an applicant, and take one away again.
func ExampleApplicantsService_AddFace() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	applicant, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{})
	if err != nil {
		log.Fatal(err)
	}
	face, err := client.Applicants.AddFace(ctx, applicant.ID, yoti.FaceRequest{Face: yoti.FaceImage{Data: "aGVsbG8="}})
	if err != nil {
		log.Fatal(err)
	}
	stored, err := client.Applicants.Face(ctx, applicant.ID, face.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored.Face.ContentType)
	if err := client.Applicants.DeleteFace(ctx, applicant.ID, face.ID); err != nil {
		log.Fatal(err)
	}
	_, err = client.Applicants.Face(ctx, applicant.ID, face.ID)
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output:
	// image/png
	// true
}

// Compare the person with a face that is stored, in place of a document's.
func ExampleResourcesService_UseApplicant() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	applicant, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{Face: &yoti.FaceImage{Data: "aGVsbG8="}})
	if err != nil {
		log.Fatal(err)
	}
	created, err := client.Sessions.Create(ctx, yoti.SessionRequest{RequestedChecks: []yoti.RequestedCheck{
		{Type: yoti.CheckTypeLiveness, Config: yoti.CheckConfig{LivenessType: yoti.LivenessTypeStatic}}, {Type: yoti.CheckTypeFaceComparison},
	}})
	if err != nil {
		log.Fatal(err)
	}
	configuration, err := client.Sessions.Configuration(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, requirement := range configuration.Capture.RequiredResources {
		if requirement.Type != yoti.RequirementTypeFaceCapture {
			continue
		}
		// The face has to be there before the person's client starts.
		face, err := client.Resources.CreateFaceCapture(ctx, created.SessionID, yoti.FaceCaptureRequest{RequirementID: requirement.ID})
		if err != nil {
			log.Fatal(err)
		}
		err = client.Resources.UseApplicant(ctx, created.SessionID, face.ID, yoti.ApplicantReference{ApplicantID: applicant.ID})
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(fake.CompleteJourney(created.SessionID))
	// Output: <nil>
}

// Take an applicant out of a pool, as when somebody leaves. The applicant stays until it is deleted itself.
func ExamplePoolsService_RemoveApplicant() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	pool, err := client.Pools.Create(ctx, yoti.PoolRequest{Label: "staff"})
	if err != nil {
		log.Fatal(err)
	}
	applicant, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Pools.AddApplicant(ctx, pool.ID, yoti.ApplicantReference{ApplicantID: applicant.ID}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Pools.RemoveApplicant(ctx, pool.ID, applicant.ID))
	fmt.Println(errors.Is(client.Pools.RemoveApplicant(ctx, pool.ID, applicant.ID), kyc.ErrNotFound))
	// Output:
	// <nil>
	// true
}
